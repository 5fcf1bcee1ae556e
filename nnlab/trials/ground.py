"""Where forks begin: a state of a run, and everything that was known of the run when it was there."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

from nnlab.diagnosis.attending import Attending, attending
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.errors import UserError
from nnlab.runs import retell
from nnlab.runs.reader import RunFile, Snapshot
from nnlab.scenario.load import Loaded, load_text
from nnlab.scenario.steering import Intervention
from nnlab.telemetry.history import History
from nnlab.trials.engine import write_state
from nnlab.wire.events import KnobTurned, Rewound
from nnlab.wire.values import Branch, RunInfo

DONE_BY_THE_JOURNAL = ("pause", "rewind", "snapshot")
"""Entries of a script that a fork leaves out: where they led stands in the journal."""


@dataclass(frozen=True, slots=True)
class Ground:
    """After `step` steps. `body` is the file of the state (see `nnlab.runs.body`); `scenario` trains on from it, and
    `whole` is the scenario from the start. `history` and `doctor` are never changed: forks take copies.
    """

    whole: Loaded
    scenario: Loaded
    seed: int
    step: int
    body: Path
    history: History
    doctor: Attending[Doctor]
    diagnosis: Diagnosis | None

    @property
    def info(self) -> RunInfo:
        """What the run is."""
        return self.history.info

    def knowledge(self) -> tuple[History, Attending[Doctor]]:
        """The run so far and its doctor, for a fork to go on with."""
        return deepcopy(self.history), self.doctor.apart()


def ground(
    loaded: Loaded, seed: int, body: Path, history: History, doctor: Attending[Doctor], diagnosis: Diagnosis | None
) -> Ground:
    """Of a run that rests after `history.step` steps and whose engine has written its state to `body` (`Save`)."""
    ahead = _ahead(loaded, history.info, history.step)
    return Ground(loaded, ahead, seed, history.step, body, deepcopy(history), doctor.apart(), diagnosis)


def recorded(path: Path, step: int, folder: Path, called_off: Callable[[], bool] = lambda: False) -> Ground:
    """Of the current line of a run file, after `step` steps; the state is written into `folder`.

    Raises UserError where the line does not reach there or the file cannot be used, CalledOffError.
    """
    with RunFile(path) as file:
        info, done, events = file.info, file.done(), list(retell.line(file))
        if not 0 <= step <= done:
            raise UserError(f"{path} has no step {step}: it goes from step 0 to step {done}")
        near = _nearest(file, step)
    loaded = load_text(info.scenario_toml, info.scenario, Path(info.base_dir or "."))
    history, doctor, diagnosis = History(info), attending(info), None
    for event in events[1:]:
        for _ in history.feed(event):
            pass
    turns = tuple(turn for turn in history.turns if turn.step < step)
    for _ in history.feed(Rewound(step, history.branch)):
        diagnosis = doctor.look(history)
    start, begin = "", 0
    if near is not None:
        start, begin = str(folder / "near"), near.step
        Path(start).write_bytes(near.body)
    body = folder / "state"
    repeated = again(loaded, [turn for turn in turns if turn.step >= begin])
    write_state(repeated, info, start, step - begin, body, called_off)
    return Ground(loaded, _ahead(loaded, info, step), info.seed, step, body, history, doctor, diagnosis)


def _ahead(loaded: Loaded, info: RunInfo, step: int) -> Loaded:
    """The scenario with what its script still holds at `step`."""
    script = []
    for entry in loaded.scenario.script:
        at = entry.at if entry.at is not None else (entry.at_epoch or 0) * info.steps_per_epoch
        if at >= step and entry.action not in DONE_BY_THE_JOURNAL:
            script.append(entry)
    return _scripted(loaded, script)


def again(loaded: Loaded, turns: Sequence[KnobTurned]) -> Loaded:
    """The scenario with these turns for a script."""
    return _scripted(loaded, [Intervention(at=turn.step, set={turn.knob: turn.new}) for turn in turns])


def _scripted(loaded: Loaded, script: Sequence[Intervention]) -> Loaded:
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"script": tuple(script)}))


def _nearest(file: RunFile, step: int) -> Snapshot | None:
    """The last snapshot of the current line up to `step`."""
    stops, known = dict(file.line()), {branch.id: branch for branch in file.branches()}
    on_line = [
        one
        for one in file.snapshots()
        if one.branch in stops and known.get(one.branch, Branch(0)).step <= one.step <= min(step, stops[one.branch])
    ]
    return max(on_line, key=lambda one: one.step, default=None)
