"""What has happened to a run since it was last looked at, as lines of plain words: no escape codes, no drawing."""

import math
from collections.abc import Iterator

from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Diagnosis, Finding, Remedy
from nnlab.telemetry.history import History
from nnlab.trials.cure import changes
from nnlab.trials.effect import KIND
from nnlab.ui import format as write
from nnlab.ui.views.ghost import effect_of
from nnlab.wire import events
from nnlab.wire.values import KnobValue, RunState

AT_REST: tuple[RunState, ...] = ("paused", "finished", "stopped")

LINES = 20
"""Lines with numbers in a run of the planned length."""
SHOWN = (
    ("train/loss", "training loss"), ("val/loss", "validation loss"), ("val/accuracy", "validation accuracy"),
    ("val/r2", "R squared"), ("val/recall@1", "recall at 1"), ("grad/norm", "gradient norm"),
)  # fmt: skip
"""Series and how they are called, in the order in which they are told."""
MARKS = ("phase", "drift", "guard", "note", "snapshot", "test")
"""Marks of the engine that are worth a line."""
BY = {"user": "you", "script": "the script", "remedy": "a remedy", "guard": "a guard"}


class Teller:
    """Remembers what it has told. `look` again and again; a run that begins again has another history."""

    def __init__(self, every: int = 0) -> None:
        self._every = every
        self._history: History | None = None
        self._begin(None)

    def _begin(self, history: History | None) -> None:
        self._history = history
        self._state: tuple[RunState, str, int] = ("warming", "", 0)
        self._turns = self._marks = self._next = self._branch = self._reached = 0
        self._stood: dict[str, Finding] = {}
        self._verdict = UNDECIDED

    def look(self, history: History, diagnosis: Diagnosis | None, state: RunState, reason: str = "") -> Iterator[str]:
        """The lines that are new."""
        if history is not self._history:
            self._begin(history)
            info = history.info
            planned = write.count(info.planned_steps)
            yield f"{info.title or info.scenario}: {planned} steps on {info.device}, seed {info.seed}"
        yield from self._moved(history)
        yield from self._happened(history)
        yield from self._judged(diagnosis)
        yield from self._numbers(history)
        stands = state, reason, history.step if state in AT_REST else 0
        if stands != self._state:
            self._state = stands
            yield f"{state} at step {write.count(history.step)}" + (f": {reason}" if reason else "")
            if state in ("finished", "stopped"):
                yield f"verdict: {_words(self._verdict)}. {numbers(history)}"

    def _moved(self, history: History) -> Iterator[str]:
        """Where the run went back, or on another branch."""
        if history.step < self._reached or history.branch != self._branch:
            branch = f", branch {history.branch}" if history.branch else ""
            yield f"the run stands at step {write.count(history.step)}{branch}"
            self._turns, self._marks = len(history.turns), len(history.marks)
            self._next = history.step
        self._reached, self._branch = history.step, history.branch

    def _happened(self, history: History) -> Iterator[str]:
        """Knobs that were turned, and marks."""
        for turn in history.turns[self._turns :]:
            by = BY.get(turn.source, turn.source)
            yield f"step {write.count(turn.step)}: {turn.knob} from {_value(turn.old)} to {_value(turn.new)}, by {by}"
        for mark in history.marks[self._marks :]:
            if mark.kind == KIND:
                yield f"step {write.count(mark.step)}: {effect_of(mark)}"
            elif mark.kind in MARKS:
                yield f"step {write.count(mark.step)}: {mark.kind}: {mark.text}".rstrip(": ")
        self._turns, self._marks = len(history.turns), len(history.marks)

    def _judged(self, diagnosis: Diagnosis | None) -> Iterator[str]:
        """Findings that now stand, or no longer do."""
        if diagnosis is None:
            return
        standing = {finding.mode: finding for finding in diagnosis.standing if finding.mode not in HEALTHY}
        for mode in self._stood.keys() - standing.keys():
            yield f"step {write.count(diagnosis.step)}: cleared: {_words(mode)}"
        for mode, finding in standing.items():
            if mode not in self._stood:
                yield from finding_lines(finding, diagnosis.step)
        self._stood = standing
        if diagnosis.verdict in HEALTHY and diagnosis.verdict != self._verdict:
            yield f"step {write.count(diagnosis.step)}: {diagnosis.verdict}"
        self._verdict = diagnosis.verdict

    def _numbers(self, history: History) -> Iterator[str]:
        every = self._every or max(1, history.info.planned_steps // LINES)
        if history.step >= self._next and history.step:
            self._next = history.step - history.step % every + every
            planned = write.count(history.info.planned_steps)
            yield f"step {write.count(history.step)} of {planned}: {numbers(history)}"


def numbers(history: History) -> str:
    """The last values of what is worth telling."""
    found = ((words, history.get(name)) for name, words in SHOWN)
    return ", ".join(f"{words} {_number(series.last)}" for words, series in found if series is not None)


def finding_lines(finding: Finding, step: int) -> Iterator[str]:
    """A finding with its cause and what would help; a note, or what follows from another one, in a line."""
    why = f", follows from {_words(finding.folded_into)}" if finding.folded_into else ""
    yield f"step {write.count(step)}: {finding.severity}: {_words(finding.mode)}{why}. {finding.headline}"
    if finding.problem and not finding.folded_into:
        if finding.because:
            yield f"  because: {finding.because}"
        yield from remedy_lines(finding)


def remedy_lines(finding: Finding) -> Iterator[str]:
    """What would help; what a command can do has a number."""
    can = doable(finding)
    for number, remedy in enumerate(can, 1):
        yield f"  remedy {number}: {remedy.text} ({does(remedy)})"
    for remedy in finding.remedies:
        if not remedy.commands:
            yield f"  advice: {remedy.text}"


def doable(finding: Finding) -> tuple[Remedy, ...]:
    """The remedies that a command can carry out, the first to try first."""
    return tuple(sorted((one for one in finding.remedies if one.commands), key=lambda one: one.rank))


def does(remedy: Remedy) -> str:
    """What it changes."""
    turns, settings = changes(remedy)
    parts = [f"{knob} to {_value(value)}" for knob, value in turns.items()]
    if settings:
        parts.append("begin again with " + ", ".join(f"{key} = {_plain(value)}" for key, value in settings.items()))
    return ", ".join(parts)


def trouble(failure: events.RunFailed | events.EngineLost) -> str:
    """Why there is no run any more."""
    if isinstance(failure, events.RunFailed):
        return f"the engine failed at step {write.count(failure.step)}: {failure.error}"
    last = failure.log.strip().splitlines()[-1:] or ["its log is empty"]
    return f"the engine was lost: {last[0]}"


def _number(value: float) -> str:
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    return "not a number" if math.isnan(value) else write.number(value).replace("−", "-")


def _value(value: KnobValue) -> str:
    return write.knob(value).replace("−", "-")


def _plain(value: object) -> str:
    return _value(value) if isinstance(value, bool | int | float | str) else str(value)


def _words(mode: str) -> str:
    return mode.replace("-", " ")
