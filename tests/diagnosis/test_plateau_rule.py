"""plateau: sick and healthy runs."""

from typing import Any

import numpy as np


def test_a_flat_loss_far_from_anything_learned_is_a_plateau(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.66 + 0 * t, lambda t: np.nan + 0 * t)
    looks = told.tell()
    assert problems(looks) == ["plateau"]
    assert looks[-1].ever[0].detected_step <= 300


def test_a_slow_starter_that_still_creeps_is_left_alone(story: Any, problems: Any) -> None:
    told = story()
    told.noise["train/probe_loss"] = 1e-3
    told.loss(lambda t: 0.69 - 0.08 * t - 0.3 / (1 + np.exp(-20 * (t - 0.7))))
    assert problems(told.tell()) == []
