"""underfitting: sick and healthy runs."""

from typing import Any

import numpy as np


def test_both_losses_stay_at_a_constant_guess(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.68 + 0 * t)
    looks = told.tell()
    assert problems(looks) == ["underfitting"]
    assert looks[-1].ever[0].detected_step <= 350
    assert {item.mode: item.folded_into for item in looks[-1].ever}["plateau"] == "underfitting"


def test_noisy_data_with_a_high_floor_are_no_underfitting(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.5 + 0.19 * np.exp(-30 * t))
    assert problems(told.tell()) == []
