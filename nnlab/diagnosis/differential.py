"""Differential diagnosis: the findings that may each be the cause, with weights, and the cheapest test between them.

Rivals are the headline, every other problem that stands by itself, and of the findings folded under the headline those
that a named test can tell from it: were the headline wrong, one of them would be the cause. Two facts that are measured
directly (unscaled inputs, unshuffled data, …) are no rivals: both are so.

A weight is proportional to the odds c / (1 − c) of the finding's confidence c (between 0.05 and 0.95), halved for a
folded finding, whose evidence the headline explains as well; times the likelihood of what each named test has said
since the last knob turn or phase, if that mode were the cause (`nnlab.diagnosis.separating`): 0.85 shared by the
outcomes that the mode leads one to expect and the rest by the others, or all outcomes alike where the test says nothing
of the mode. Weights add up to 1: they say how the rivals compare, not whether any of them is right.
"""

from collections.abc import Collection
from dataclasses import dataclass

from nnlab.diagnosis.finding import HEALTHY, Diagnosis, Finding
from nnlab.diagnosis.separating import FACTS, SEPARATORS, Separator
from nnlab.diagnosis.tested import LastWord, verdicts
from nnlab.telemetry.history import History
from nnlab.wire.named_tests import BY_ID

MEASURED = frozenset({*FACTS, "objective-mismatch", "confounded-changes"})
"""Modes that are facts of data, configuration or journal."""
RELIABLE = 0.85
"""Chance that a test says what is expected of it. Assumed, and below what its own benches show: no test settles all."""
LEAST, MOST = 0.05, 0.95
"""Confidences are kept between these: beyond them odds say more than any rule knows."""
FOLDED = 0.5
"""Factor for a finding that another one explains."""
APART = 0.5
"""Total variation distance between what two modes lead one to expect from which on a test separates them."""
SETTLED = 0.95
"""Weight from which on nothing is left to tell apart."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A finding that may be the cause."""

    mode: str
    weight: float
    folded_into: str | None = None


@dataclass(frozen=True, slots=True)
class Separation:
    """A test that tells two rivals apart; `says` has for each outcome the one that it speaks for."""

    test: str
    title: str
    between: tuple[str, str]
    says: dict[str, str]


@dataclass(frozen=True, slots=True)
class Differential:
    """At least two rivals, the heaviest first; the test to take next (None: none, or nothing is left to tell)."""

    rivals: tuple[Rival, ...]
    test: Separation | None
    taken: tuple[LastWord, ...] = ()


def differential(
    diagnosis: Diagnosis | None, history: History | None, taken: dict[str, LastWord] | None = None
) -> Differential | None:
    """Of what stands, with all that tests have said so far, or with `taken` alone; None without rivals."""
    if diagnosis is None or diagnosis.headline is None or history is None:
        return None
    taken = verdicts(history) if taken is None else taken
    possible = _possible(history)
    findings = _rivals(diagnosis, diagnosis.headline, possible)
    if len(findings) < 2:
        return None
    raw = [_odds(finding) * _likelihood(finding.mode, taken.values()) for finding in findings]
    pairs = zip(findings, raw, strict=True)
    rivals = sorted(
        (Rival(it.mode, value / sum(raw), it.folded_into) for it, value in pairs), key=lambda it: -it.weight
    )
    test = None if rivals[0].weight >= SETTLED else _cheapest(rivals, possible - taken.keys())
    return Differential(tuple(rivals), test, tuple(taken.values()))


def likelihood(separator: Separator, mode: str, outcome: str) -> float:
    """Chance that a test says this where the mode is the cause."""
    expected = separator.expects.get(mode)
    if not expected or len(expected) == len(separator.outcomes):
        return 1.0 / len(separator.outcomes)
    if outcome in expected:
        return RELIABLE / len(expected)
    return (1.0 - RELIABLE) / (len(separator.outcomes) - len(expected))


def distance(separator: Separator, one: str, other: str) -> float:
    """How differently a test speaks of two modes: 0 alike, 1 never the same. 0 too where it says nothing of either."""
    if one not in separator.expects or other not in separator.expects:
        return 0.0
    gaps = (likelihood(separator, one, it) - likelihood(separator, other, it) for it in separator.outcomes)
    return sum(map(abs, gaps)) / 2


def _rivals(diagnosis: Diagnosis, head: Finding, possible: Collection[str]) -> list[Finding]:
    """The findings that may be the cause, the headline first."""
    others = [
        finding
        for finding in diagnosis.standing
        if finding.mode not in (head.mode, *HEALTHY)
        and not {finding.mode, head.mode} <= MEASURED
        and (finding.problem or (finding.folded_into == head.mode and _separable(head.mode, finding.mode, possible)))
    ]
    return [head, *others]


def _separable(one: str, other: str, possible: Collection[str]) -> bool:
    return any(distance(SEPARATORS[test], one, other) >= APART for test in possible)


def _possible(history: History) -> set[str]:
    """The tests that can be taken on this run: labels are shuffled where they are given and rows are held out."""
    facts = history.info.facts
    known = {test for test in SEPARATORS if test in BY_ID}
    no_labels = facts.get("data.kind") == "generations" or facts.get("n_val", 1) == 0
    return known - {"label-shuffle"} if no_labels else known


def _odds(finding: Finding) -> float:
    confidence = min(max(finding.confidence, LEAST), MOST)
    return confidence / (1.0 - confidence) * (FOLDED if finding.folded_into else 1.0)


def _likelihood(mode: str, taken: Collection[LastWord]) -> float:
    """Of all that tests have said, if this mode were the cause."""
    found = 1.0
    for one in taken:
        if one.outcome:
            found *= likelihood(SEPARATORS[one.test], mode, one.outcome)
    return found


def _cheapest(rivals: list[Rival], possible: Collection[str]) -> Separation | None:
    """The cheapest test between the heaviest rival and the next one that any test tells from it."""
    first = rivals[0].mode
    for rival in rivals[1:]:
        tests = [test for test in possible if distance(SEPARATORS[test], first, rival.mode) >= APART]
        if tests:
            test = min(tests, key=lambda it: SEPARATORS[it].seconds)
            return Separation(test, BY_ID[test].title, (first, rival.mode), _says(test, first, rival.mode))
    return None


def _says(test: str, one: str, other: str) -> dict[str, str]:
    """Outcome → the one of the two that it speaks for, where it speaks for one."""
    separator = SEPARATORS[test]
    found = {}
    for outcome in separator.outcomes:
        ours, theirs = (likelihood(separator, mode, outcome) for mode in (one, other))
        if max(ours, theirs) >= 2 * min(ours, theirs):
            found[outcome] = one if ours > theirs else other
    return found
