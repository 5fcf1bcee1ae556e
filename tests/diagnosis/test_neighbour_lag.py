"""Runs that stay behind a guess from the nearest training rows, and runs that do not."""

from typing import Any

import numpy as np
import pytest


def half_way(told: Any, accuracy: float = 0.7) -> Any:
    """Learns a part at once, and no more."""
    told.facts["neighbour_score"] = 0.98
    told.loss(lambda t: 0.45 + 0.24 * np.exp(-30 * t))
    for name in ("val/accuracy", "train/probe_accuracy"):
        told.curves[name] = lambda t: 0.5 + (accuracy - 0.5) * (1 - np.exp(-30 * t))
    return told


def test_a_run_that_stays_far_behind_underfits(story: Any, problems: Any) -> None:
    looks = half_way(story()).tell()
    assert problems(looks) == ["underfitting"]
    found = looks[-1].ever[0]
    assert "against 98 %" in found.headline and 500 <= found.detected_step <= 600


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.facts.update(neighbour_score=0.8),
        lambda told: told.facts.update(majority_share=0.9),
        lambda told: told.facts.update({"objective.class_weights": "balanced"}),
        lambda told: told.flat("train/probe_accuracy", 0.97),
        lambda told: told.curves.update({"val/accuracy": lambda t: 0.5 + 0.45 * t}),
        lambda told: told.loss(lambda t: np.where(t < 0.6, 0.69, 0.4)),
    ],
    ids=["little behind", "skewed", "weighted", "fits its rows", "on its way", "late"],
)
def test_what_is_no_lag(story: Any, change: Any) -> None:
    told = half_way(story())
    change(told)
    assert told.tell()[-1].verdict != "underfitting"


@pytest.mark.parametrize(
    ("facts", "series", "mode"),
    [
        ({"feature_std_max": 700.0}, {}, "unscaled-inputs"),
        ({"row_symmetry": 1.0, "model.init": "constant"}, {}, "bad-init"),
        ({}, {"layer/fc2/dead": 0.6}, "dead-units"),
    ],
)
def test_the_lag_keeps_its_cause_standing(story: Any, facts: Any, series: dict[str, float], mode: str) -> None:
    told = half_way(story())
    told.loss(lambda t: 0.2 + 0.49 * np.exp(-30 * t))
    told.facts |= facts
    for name, value in series.items():
        told.flat(name, value)
    assert told.tell()[-1].verdict == mode
