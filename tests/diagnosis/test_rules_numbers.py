"""nonfinite, exploding-gradients, lr-too-high: numbers that run away."""

from typing import Any

import numpy as np


def test_nan_in_the_data_is_the_headline_at_step_0(story: Any) -> None:
    told = story()
    told.facts["nonfinite_inputs"] = 3.0
    told.loss(lambda t: np.nan + 0 * t)
    looks = told.tell()
    assert looks[0].verdict == "nonfinite"
    assert "3 input values" in looks[-1].ever[0].headline
    assert looks[-1].verdict == "nonfinite"


def test_nan_out_of_nowhere_is_nonfinite_at_the_same_step(story: Any) -> None:
    told = story()
    told.curves["train/loss"] = lambda t: np.where(t < 0.4, 0.5, np.nan)
    looks = told.tell()
    top = looks[-1].ever[0]
    assert (top.mode, top.since_step, top.detected_step, top.severity) == ("nonfinite", 400, 400 + 1, "critical")


def test_growth_before_the_overflow_makes_it_an_explosion(story: Any, problems: Any) -> None:
    def grow(t: Any) -> Any:
        return np.where(t < 0.1, 0.7 * np.exp(np.minimum(60.0, 800 * t)), np.inf)

    told = story()
    told.curves["grad/norm"] = grow
    told.loss(grow)
    looks = told.tell()
    assert problems(looks) == ["exploding-gradients"]
    folded = {item.mode: item.folded_into for item in looks[-1].ever}
    assert folded["nonfinite"] == "exploding-gradients"
    assert looks[-1].ever[0].detected_step <= 105


def test_steady_growth_is_seen_before_anything_overflows(story: Any, problems: Any) -> None:
    told = story()
    told.curves["grad/norm"] = lambda t: np.exp(30 * t)
    told.loss(lambda t: 0.7 * np.exp(40 * t))
    looks = told.tell()
    assert problems(looks)[0] == "exploding-gradients"
    assert looks[-1].ever[0].detected_step < 300


def test_a_spike_that_recovers_is_no_explosion(story: Any, problems: Any) -> None:
    told = story()
    told.curves["grad/norm"] = lambda t: (0.3 + 0.7 * np.exp(-8 * t)) * np.where(abs(t - 0.5) < 0.0015, 80.0, 1.0)
    assert problems(told.tell()) == []


def test_huge_but_falling_losses_of_unscaled_regression_are_no_explosion(story: Any, problems: Any) -> None:
    told = story()
    told.facts |= {"classes": 0.0, "objective.kind": "mse", "constant_loss": 1e6, "constant_loss_val": 1e6}
    told.loss(lambda t: 1e5 + 1e6 * np.exp(-8 * t))
    told.curves["grad/norm"] = lambda t: 1e6 * np.exp(-3 * t)
    assert "exploding-gradients" not in problems(told.tell())


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
