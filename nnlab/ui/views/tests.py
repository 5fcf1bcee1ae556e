"""The named tests as the lab shows them: the rows of the menu, and one outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from nnlab.encyclopaedia import book
from nnlab.scenario.knob_table import BY_ID
from nnlab.scenario.steering import FailureMode
from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.testing import Outcome
from nnlab.wire.named_tests import NAMED_TESTS, NamedTest
from nnlab.wire.telling import Picture
from nnlab.wire.values import RunInfo

WIDER = "Begin again with hidden layers, or wider ones: `model.hidden = [64, 64]`."

LABELS_OF_ITS_OWN = "generations"
"""The kind of data whose labels the model writes itself: there is nothing to shuffle."""


@dataclass(frozen=True, slots=True)
class Row:
    """A test in the menu, taken by `key`; `verdict` is the last one, "" for none."""

    id: str
    key: str
    title: str
    asks: str
    verdict: str


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One test, at work (`busy`) or done."""

    busy: bool
    verdict: str
    tone: str
    sentence: str
    picture: Picture | None = None
    means: str = ""
    weighs: str = ""
    todo: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


def fitting(info: RunInfo) -> tuple[NamedTest, ...]:
    """The tests that make sense for a run, in the order of the menu."""
    kind = info.facts.get("data.kind")
    return tuple(test for test in NAMED_TESTS if test.id != "label-shuffle" or kind != LABELS_OF_ITS_OWN)


def rows(tests: tuple[NamedTest, ...], outcomes: Mapping[str, Outcome]) -> tuple[Row, ...]:
    """The menu."""
    width = max(len(test.title) for test in tests)
    return tuple(_row(number, test, outcomes.get(test.id), width) for number, test in enumerate(tests, 1))


def _row(number: int, test: NamedTest, outcome: Outcome | None, width: int) -> Row:
    said = f"{outcome.verdict or 'running…'} (step {write.count(outcome.step)})" if outcome else ""
    return Row(test.id, str(number), test.title.ljust(width), test.asks, said)


def outcome_view(outcome: Outcome) -> OutcomeView:
    """What the screen of a test shows."""
    test, found, at = outcome.test, outcome.told, _where(outcome)
    if outcome.error:
        return OutcomeView(False, "failed", "warn", outcome.error)
    if found is None:
        told = "\n".join((f"{test.asks} On a copy, {at}; the run goes on.", *outcome.progress))
        return OutcomeView(True, "running…", "busy", told)
    glyph = "◆" if found.right else "▲"
    verdict = f"{glyph} {outcome.verdict.upper()}  {at}"
    means = test.fine if found.right else test.wrong
    tone = _tone(outcome)
    return OutcomeView(
        False, verdict, tone, found.headline, found.picture, means, outcome.weighs, outcome.todo, found.details
    )


def _where(outcome: Outcome) -> str:
    step = write.count(outcome.step)
    match outcome.test.begins:
        case "state":
            return f"from step {step}"
        case "start":
            return f"from the start, with the knobs of step {step}"
        case "again":
            return f"steps 0 to {step}"


def _tone(outcome: Outcome) -> str:
    if outcome.busy:
        return "busy"
    return "good" if outcome.told is not None and outcome.told.right else "warn"


def todo(cause: str) -> tuple[str, ...]:
    """What to do about a cause: the encyclopaedia's steps for a failure mode, the bug for a fault. Reads files."""
    if cause in get_args(FailureMode):
        return tuple(book.entry(cause).todo)
    if (fault := BY_ID.get(f"fault.{cause}")) is not None:
        return (f"Look for this bug: {fault.help[0].lower()}{fault.help[1:]}",)
    return (WIDER,) if cause == "capacity" else ()


def said(history: History | None) -> tuple[str, ...]:
    """The last verdict of each test in the journal of a run, with the step that it looked at."""
    last: dict[str, str] = {}
    for mark in history.marks if history is not None else ():
        if mark.kind == "test":
            title = mark.text.partition(":")[0]
            last.pop(title, None)
            last[title] = f"{mark.text}, at step {write.count(mark.step)}"
    return tuple(last.values())
