"""The rivals of the finding that the diagnosis panel tells, and what a test has made of them."""

from nnlab.diagnosis.differential import Differential, differential
from nnlab.diagnosis.tested import LastWord, verdicts
from nnlab.ui import format as write
from nnlab.ui.session import Session
from nnlab.ui.testing import Outcome
from nnlab.wire.named_tests import BY_ID, NamedTest

SHOWN = 3
"""Rivals beside the headline that are named."""
MOVED = 0.01
"""Change of a weight that is worth telling."""


def told_apart(session: Session, look: int | None) -> tuple[str, str]:
    """`rivals` and `separates` of the diagnosis panel; empty in the past, which no test changes."""
    found = _found(session) if look is None else None
    if found is None or session.diagnosis is None or session.diagnosis.headline is None:
        return "", ""
    head = session.diagnosis.headline.mode
    own = next(rival.weight for rival in found.rivals if rival.mode == head)
    others = [rival for rival in found.rivals if rival.mode != head][:SHOWN]
    named = ", ".join(f"{_words(rival.mode)} {write.percent(rival.weight)}" for rival in others)
    told = f"{named} (this: {write.percent(own)})"
    if found.test is None:
        return told, ""
    if next_test(session) is None:
        return f"{told}; the {found.test.title} would tell", ""
    return told, f"{found.test.title}: tells {' from '.join(map(_words, found.test.between))}"


def next_test(session: Session) -> NamedTest | None:
    """The test between the rivals that the lab can take now."""
    found = _found(session)
    takes = session.alive and session.experiment is not None
    return BY_ID[found.test.test] if takes and found is not None and found.test is not None else None


def weighs(session: Session, outcome: Outcome) -> str:
    """How a test that has just been taken moves the weights: "underfitting 60 % → 94 %"."""
    before, found, history = _found(session), outcome.told, session.history
    if before is None or found is None or history is None:
        return ""
    test = outcome.test
    taken = verdicts(history) | {test.id: LastWord(test.id, test.title, found.verdict, found.cause, outcome.step)}
    after = differential(session.diagnosis, history, taken)
    weights = {rival.mode: rival.weight for rival in after.rivals} if after else {}
    return ", ".join(
        f"{_words(rival.mode)} {write.percent(rival.weight)} → {write.percent(weights[rival.mode])}"
        for rival in before.rivals
        if abs(weights.get(rival.mode, rival.weight) - rival.weight) >= MOVED
    )


def _found(session: Session) -> Differential | None:
    return differential(session.diagnosis, session.history)


def _words(mode: str) -> str:
    return mode.replace("-", " ")
