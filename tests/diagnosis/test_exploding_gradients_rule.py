"""exploding-gradients: sick and healthy runs."""

from typing import Any

import numpy as np


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


def test_the_series_that_overflows_first_is_named_with_its_own_step(story: Any) -> None:
    told = story()
    told.noise = {}
    told.curves["grad/norm"] = lambda t: np.where(t < 0.0465, np.exp(np.minimum(80.0, 1800 * t)), np.inf)
    told.loss(lambda t: np.where(t < 0.0475, np.exp(np.minimum(80.0, 1700 * t)), np.inf))
    top = told.tell()[-1].ever[0]
    assert top.mode == "exploding-gradients"
    assert top.headline.startswith("grad/norm grew")
    assert "within 47 steps and overflowed at step 47" in top.headline
