"""`nnlab resume`: go on with a recorded run that was interrupted."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "resume",
        help="go on with a recorded run that was interrupted",
        description="Go on with a recorded run where its current line ends, in the same file, to its planned end.",
    )
    parser.add_argument("file", metavar="FILE", help="a run file")
    parser.add_argument("--json", action="store_true", help="the report as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Go on with it; the exit status. Raises UserError."""
    from pathlib import Path

    from nnlab.cli.run import watch
    from nnlab.client.live import LiveFeed
    from nnlab.errors import UserError
    from nnlab.runs.reader import RunFile
    from nnlab.scenario.load import load_recorded

    path = Path(args.file).expanduser().absolute()
    with RunFile(path) as file:
        info, done = file.info, file.done()
    if done >= info.planned_steps:
        raise UserError(f"{args.file} has all its {info.planned_steps} planned steps: there is nothing to resume")
    _not_in_use(path)
    loaded = load_recorded(info.scenario_toml, info.scenario, Path(info.base_dir or "."), info.seed)

    def start() -> LiveFeed:
        return LiveFeed.start(
            loaded, seed=info.seed, device=info.device, record=str(path), resume=True, name="nnlab resume"
        )

    return watch(start, None, (), args.json)


def _not_in_use(path: "Path") -> None:
    """Raises UserError if an engine is writing the file."""
    from nnlab.client.runtime import engines
    from nnlab.errors import UserError

    if any(engine.record == str(path) for engine in engines()):
        raise UserError(f"{path} is still being trained; end that run first")
