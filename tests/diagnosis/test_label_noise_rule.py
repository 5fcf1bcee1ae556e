"""label-noise: sick and healthy runs."""

from typing import Any

import numpy as np


def test_right_on_validation_and_wrong_on_its_own_rows(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.5 + 0.19 * np.exp(-30 * t), lambda t: 0.2 + 0.49 * np.exp(-30 * t))
    told.flat("train/probe_accuracy", 0.62)
    told.flat("val/accuracy", 0.9)
    assert problems(told.tell()) == ["label-noise"]


def test_rows_learned_by_heart_that_teach_nothing(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.69 - 0.4 * t, lambda t: 0.7 + 0.4 * t)
    told.curves["train/probe_accuracy"] = lambda t: 0.5 + 0.4 * t
    told.flat("val/accuracy", 0.5)
    assert problems(told.tell())[0] == "label-noise"
