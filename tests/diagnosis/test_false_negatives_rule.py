"""false-negatives: sick and healthy towers."""

from typing import Any


def test_a_working_retriever_has_no_problem(towers: Any, problems: Any) -> None:
    looks = towers.tell()
    assert problems(looks) == []
    assert looks[-1].verdict in ("learning", "converged")


def test_negatives_that_are_relevant(towers: Any, problems: Any) -> None:
    towers.curves["triplet/false_negatives"] = lambda t: 0.3 + 0 * t
    towers.curves["triplet/active"] = lambda t: 0.35 + 0 * t
    assert problems(towers.tell()) == ["false-negatives"]
