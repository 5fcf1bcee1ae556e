"""bad-init: sick and healthy runs."""

from typing import Any

import numpy as np


def test_equal_rows_are_a_bad_start_at_step_0(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.facts |= {"row_symmetry": 1.0, "model.init": "zeros"}
    looks = told.tell()
    assert looks[0].verdict == "bad-init"
    assert problems(looks) == ["bad-init"]


def test_a_zero_output_layer_alone_is_fine(story: Any, problems: Any) -> None:
    told = story()
    told.facts |= {"row_symmetry": 1 / 3, "model.init": "default"}
    assert problems(told.tell()) == []


def test_a_first_loss_many_times_that_of_a_guess(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.8 + 40 * np.exp(-5 * t))
    looks = told.tell()
    assert looks[-1].ever[0].mode == "bad-init"
    assert looks[-1].ever[0].detected_step <= 5
