"""representation-collapse and false-negatives: two towers."""

import math
from typing import Any

import numpy as np
import pytest

MARGIN = 0.2


@pytest.fixture
def towers(story: Any) -> Any:
    """A retriever that learns to rank."""
    told = story()
    told.family = "towers"
    told.facts = {
        "data.kind": "triplets", "data.negatives": "same-query", "objective.kind": "triplet", "constant_loss": MARGIN,
        "optimizer.kind": "adam", "optimizer.lr": 3e-3, "optimizer.weight_decay": 0.05, "model.kind": "two-tower",
    }  # fmt: skip
    told.curves = {name: told.curves[name] for name in ("train/loss", "grad/norm", "lr", "weight/norm")}
    told.loss(lambda t: 0.005 + MARGIN * np.exp(-10 * t))
    told.curves |= {
        "val/accuracy": lambda t: 0.5 + 0.47 * (1 - np.exp(-10 * t)),
        "sim/gap": lambda t: 0.6 * (1 - np.exp(-10 * t)),
        "sim/spread": lambda t: 0.3,
        "sim/allpairs": lambda t: 0.1,
        "embed/std_sqrt_d": lambda t: 0.95,
        "embed/rank_ratio": lambda t: 0.6,
        "triplet/active": lambda t: 0.02 + 0.9 * np.exp(-10 * t),
        "triplet/false_negatives": lambda t: 0.005 + 0.4 * np.exp(-10 * t),
    }
    return told


def collapse(told: Any) -> None:
    told.loss(lambda t: MARGIN + 0 * t)
    told.noise["train/probe_loss"] = 1e-3
    told.flat("sim/gap", 1e-4)
    told.curves["sim/spread"] = lambda t: 0.18 * np.exp(-6 * t)
    told.curves["sim/allpairs"] = lambda t: 1 - 0.9 * np.exp(-12 * t)
    told.curves["embed/std_sqrt_d"] = lambda t: np.exp(-6 * t)
    told.flat("triplet/false_negatives", 0.9)


def test_a_working_retriever_has_no_problem(towers: Any, problems: Any) -> None:
    looks = towers.tell()
    assert problems(looks) == []
    assert looks[-1].verdict in ("learning", "converged")


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


def test_negatives_that_are_relevant(towers: Any, problems: Any) -> None:
    towers.curves["triplet/false_negatives"] = lambda t: 0.3 + 0 * t
    towers.curves["triplet/active"] = lambda t: 0.35 + 0 * t
    assert problems(towers.tell()) == ["false-negatives"]


def test_few_directions_are_a_note(towers: Any, problems: Any) -> None:
    towers.flat("embed/rank_ratio", 0.1)
    looks = towers.tell()
    assert problems(looks) == []
    assert "representation-collapse" in {item.mode for item in looks[-1].ever}
