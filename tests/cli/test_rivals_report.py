"""Rivals in reports: as plain data and in words."""

from nnlab.cli import rivals
from nnlab.diagnosis.differential import Differential, Rival, Separation
from nnlab.diagnosis.tested import LastWord

FOUND = Differential(
    (Rival("data-drift", 0.7), Rival("lr-too-high", 0.3, "data-drift")),
    Separation("lr-range", "learning-rate range", ("data-drift", "lr-too-high"), {"inside": "data-drift"}),
    (LastWord("step-sizes", "half and double step", "fits", "", 40),),
)


def test_rivals_are_told_with_the_test_and_what_it_would_mean() -> None:
    assert rivals.record(FOUND) == {
        "rivals": [
            {"mode": "data-drift", "weight": 0.7, "folded_into": None},
            {"mode": "lr-too-high", "weight": 0.3, "folded_into": "data-drift"},
        ],
        "test": {"id": "lr-range", "between": ["data-drift", "lr-too-high"], "says": {"inside": "data-drift"}},
        "taken": [{"id": "step-sizes", "said": "fits", "step": 40}],
    }
    assert list(rivals.lines(FOUND, "moons")) == [
        "",
        "Which is it? data-drift 70%, lr-too-high 30%",
        "  · half and double step at step 40: fits",
        "  nnlab lr-range moons tells data-drift from lr-too-high:",
        "    inside: data-drift",
    ]
    assert "  the learning-rate range tells data-drift from lr-too-high:" in rivals.lines(FOUND, "")


def test_nothing_is_told_without_rivals() -> None:
    assert rivals.record(None) is None
    assert list(rivals.lines(None, "moons")) == []
