"""A recorded run done again, with its knob turns, rewinds and branches, and compared with what was recorded.

The lines are what is done again: each branch from where it left its parent, with the entries that it holds. Where the
run went back and forth in between changes no number.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.engine import recall
from nnlab.engine.begin import begin
from nnlab.engine.run import Run
from nnlab.engine.spec import Spec
from nnlab.runs.reader import Points, RunFile
from nnlab.scenario.load import load_recorded
from nnlab.wire.events import Event, Frame
from nnlab.wire.experiments import Reexecuted
from nnlab.wire.values import PER_STEP, Branch

TOLD_EVERY = 500
"""Steps between two words on how far it is."""


@dataclass
class Ear:
    """Stands for the server of a run: hears the points."""

    points: dict[str, dict[int, float]] = field(default_factory=dict)

    def broadcast(self, event: Event) -> None:
        """What clients would be told."""
        if isinstance(event, Frame):
            for name, steps, values in zip(event.series, event.steps, event.values, strict=True):
                self.points.setdefault(name, {}).update(zip(steps, values, strict=True))

    def send(self, client: Any, events: Sequence[Event]) -> None:
        """There are no clients."""


def reexecute(path: Path, tell: Callable[[str], None] = lambda _: None) -> Reexecuted:
    """Do the run of a file again and compare it bit for bit. Raises UserError for what cannot be done again."""
    with RunFile(path) as file:
        ear = Ear()
        run = begin(spec_of(file), ear, recall.tree(file))  # type: ignore[arg-type]  # hears, and that is all it need do
        run.script.skip_all()
        branches = file.branches()
        found: list[tuple[int, str, int, float, float]] = []
        compared = steps = 0
        for branch in branches:
            _train(run, branch, tell)
            steps += run.step - branch.step
            for name in file.names():
                recorded = file.series(name, branch.step + (branch.id > 0 and name not in PER_STEP), branch=branch.id)
                compared += len(recorded.steps)
                found += [
                    (step, name, branch.id, was, now)
                    for step, was, now in _first_difference(recorded, ear.points.get(name, {}), run.step)
                ]
            ear.points.clear()
            if found:
                break
        first = min(found, default=(-1, "", -1, math.nan, math.nan))
        return Reexecuted(not found, len(branches), steps, compared, *first)


def spec_of(file: RunFile, *, probes: bool = True) -> Spec:
    """The spec of the run in a file, to be done again without a file of its own. Raises UserError."""
    info = file.info
    loaded = load_recorded(info.scenario_toml, info.scenario, Path(info.base_dir or "."), info.seed)
    plain = loaded.scenario.model_dump(mode="json")
    return Spec(
        plain, info.scenario, info.scenario_toml, info.base_dir, info.seed, info.device, "", "", "", probes=probes
    )


def _train(run: Run, branch: Branch, tell: Callable[[str], None]) -> None:
    """Train a branch from its beginning to its end, as it was trained."""
    end = run.time.tree.tips[branch.id].step
    run.time.go(branch.id, branch.step)
    while run.step < end:
        if run.state != "running":
            run.resume()
        run.advance()
        if run.step % TOLD_EVERY == 0:
            tell(f"branch {branch.id}: step {run.step} of {end}")
    run.time.retell()
    run.frame()


def _first_difference(recorded: Points, again: dict[int, float], end: int) -> list[tuple[int, float, float]]:
    """The first step at which a series differs, with both values (NaN for none); empty where it does not."""
    wanted = dict(zip(recorded.steps.tolist(), recorded.values.tolist(), strict=True))
    different = (
        (step, wanted.get(step, math.nan), again.get(step, math.nan))
        for step in sorted(wanted.keys() | {step for step in again if step < end})
        if step not in wanted or step not in again or _bits(wanted[step]) != _bits(again[step])
    )
    return [first] if (first := next(different, None)) is not None else []


def _bits(value: float) -> bytes:
    """All NaNs are one: SQLite keeps them as NULL."""
    canonical: npt.NDArray[np.float64] = np.array(math.nan if math.isnan(value) else value)
    return canonical.tobytes()
