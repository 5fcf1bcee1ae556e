"""What named tests have said of a run: verdicts in its journal, and what they are evidence for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding
from nnlab.diagnosis.separating import SEPARATORS, outcome
from nnlab.telemetry.history import History
from nnlab.wire.named_tests import NAMED_TESTS

SERIES = "test/"
"""How the series of such evidence begins; the test's id follows."""
_ENTRY = re.compile(r"(?P<title>[^:]+): (?P<verdict>.*?)(?: \((?P<cause>[\w-]+)\))?")
_IDS = {test.title: test.id for test in NAMED_TESTS}


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last word of a test: its `verdict`, the `cause` it names ("": none), and the step that it looked at."""

    test: str
    title: str
    verdict: str
    cause: str
    step: int

    @property
    def said(self) -> str:
        """As it stands in the journal."""
        return self.verdict + (f" ({self.cause})" if self.cause else "")

    @property
    def outcome(self) -> str:
        """In the words of `nnlab.diagnosis.separating`; "" where it says nothing."""
        return outcome(self.test, self.verdict, self.cause)


def verdicts(history: History) -> dict[str, LastWord]:
    """The last word of each test on the line as it stands, by its id.

    A test says something of the run as it was: what was said before the last knob turn or phase does not count.
    """
    since = max((turn.step for turn in history.turns), default=0)
    since = max([since, *(mark.step for mark in history.marks if mark.kind == "phase")])
    found: dict[str, LastWord] = {}
    for mark in history.marks:
        entry = _ENTRY.fullmatch(mark.text) if mark.kind == "test" and mark.step >= since else None
        if entry is not None and entry["title"] in _IDS:
            test = _IDS[entry["title"]]
            found[test] = LastWord(test, entry["title"], entry["verdict"], entry["cause"] or "", mark.step)
    return found


def evidence(mode: str, found: Iterable[LastWord]) -> tuple[Evidence, ...]:
    """What tests say of a mode: 1 where it is what the mode leads one to expect, 0 where it is not."""
    return tuple(_evidence(mode, one) for one in found if one.outcome and mode in SEPARATORS[one.test].expects)


def _evidence(mode: str, one: LastWord) -> Evidence:
    expected = one.outcome in SEPARATORS[one.test].expects[mode]
    text = f"{one.title}: {one.said}, which speaks {'for' if expected else 'against'} it"
    return Evidence(SERIES + one.test, text, float(expected), 1.0, step=one.step)


def weighed(diagnosis: Diagnosis, history: History) -> Diagnosis:
    """The same diagnosis, its standing findings with what tests have said of them so far."""
    if not any(mark.kind == "test" for mark in history.marks):
        return diagnosis
    found = tuple(verdicts(history).values())

    def told(finding: Finding) -> Finding:
        if finding.cleared_step is not None:
            return finding
        kept = tuple(item for item in finding.evidence if not item.series.startswith(SERIES))
        more = kept + evidence(finding.mode, found)
        return finding if more == finding.evidence else replace(finding, evidence=more)

    return replace(
        diagnosis,
        headline=told(diagnosis.headline) if diagnosis.headline else None,
        standing=tuple(map(told, diagnosis.standing)),
        ever=tuple(map(told, diagnosis.ever)),
    )
