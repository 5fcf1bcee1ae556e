"""lr-too-high: sick and healthy runs."""

from typing import Any

import numpy as np


def test_weights_thrown_far_in_the_first_steps_are_too_high_a_rate(story: Any, problems: Any) -> None:
    told = story()
    told.curves["weight/distance"] = lambda t: 40 * np.minimum(1, 20 * t)
    told.layer("fc1", "dead", 1.0)
    told.loss(lambda t: 0.9 + 0 * t)
    looks = told.tell()
    assert problems(looks) == ["lr-too-high"]
    assert {item.mode: item.folded_into for item in looks[-1].ever}["dead-units"] == "lr-too-high"
    assert looks[-1].ever[0].detected_step <= 100


def test_steps_that_raise_the_loss_are_too_long(story: Any, problems: Any) -> None:
    told = story()
    told.noise["train/probe_loss"] = 0.2
    told.loss(lambda t: 0.7 + 0 * t)
    told.flat("step/critical", 0.5)
    told.flat("step/change", 0.2)
    looks = told.tell()
    assert problems(looks)[0] == "lr-too-high"
    turn = next(c for remedy in looks[-1].ever[0].remedies for c in remedy.commands if c.get("turn") == "lr")
    assert turn["to"] <= 1e-3 / 3


def test_edge_of_stability_is_benign_while_the_loss_falls(story: Any, problems: Any) -> None:
    told = story()
    told.flat("step/critical", 1.0)
    told.curves["step/change"] = lambda t: 0.1
    assert problems(told.tell()) == []


def test_a_turned_rate_is_judged_by_what_follows_it(story: Any, problems: Any) -> None:
    told = story()
    told.turn(500, "lr", 1e-3, 3.0)
    told.curves["weight/distance"] = lambda t: np.where(t <= 0.5, t, 300.0)
    told.loss(lambda t: np.where(t <= 0.5, 0.1 + 0.59 * np.exp(-8 * t), 5.0))
    looks = told.tell()
    assert problems(looks)[0] == "lr-too-high"
    assert 500 <= looks[-1].ever[0].since_step <= looks[-1].ever[0].detected_step <= 600
