"""representation-collapse: sick and healthy towers."""

import math
from typing import Any

import numpy as np

MARGIN = 0.2


def collapse(told: Any) -> None:
    told.loss(lambda t: MARGIN + 0 * t)
    told.noise["train/probe_loss"] = 1e-3
    told.flat("sim/gap", 1e-4)
    told.curves["sim/spread"] = lambda t: 0.18 * np.exp(-6 * t)
    told.curves["sim/allpairs"] = lambda t: 1 - 0.9 * np.exp(-12 * t)
    told.curves["embed/std_sqrt_d"] = lambda t: np.exp(-6 * t)
    told.flat("triplet/false_negatives", 0.9)


def test_everything_at_the_same_place(towers: Any, problems: Any) -> None:
    collapse(towers)
    looks = towers.tell()
    assert looks[-1].verdict == "representation-collapse"
    assert "same query" in looks[-1].ever[0].because


def test_the_soft_triplet_loss_is_pinned_at_ln_2(towers: Any) -> None:
    collapse(towers)
    towers.facts |= {"objective.kind": "soft_triplet", "constant_loss": math.log(2)}
    towers.loss(lambda t: math.log(2) + 0 * t)
    assert towers.tell()[-1].verdict == "representation-collapse"


def test_few_directions_are_a_note(towers: Any, problems: Any) -> None:
    towers.flat("embed/rank_ratio", 0.1)
    looks = towers.tell()
    assert problems(looks) == []
    assert "representation-collapse" in {item.mode for item in looks[-1].ever}
