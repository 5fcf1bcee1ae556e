"""A recorded run that can go on: what it trains, from what its file says."""

from pathlib import Path

from nnlab.errors import UserError
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import Loaded, load_recorded
from nnlab.wire.values import RunInfo


def interrupted(path: Path) -> tuple[Loaded, RunInfo]:
    """The scenario and the facts of a run with planned steps left. Raises UserError if there are none."""
    with RunFile(path) as file:
        info, done = file.info, file.done()
    if done >= info.planned_steps:
        raise UserError(f"{path} has all its {info.planned_steps} planned steps: there is nothing to resume")
    return load_recorded(info.scenario_toml, info.scenario, Path(info.base_dir or "."), info.seed), info
