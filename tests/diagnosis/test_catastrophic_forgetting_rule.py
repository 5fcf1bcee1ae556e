"""catastrophic-forgetting: sick and healthy runs."""

from typing import Any

import numpy as np


def test_an_earlier_task_is_forgotten(story: Any, problems: Any) -> None:
    told = story()
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.95 * np.exp(-10 * (t - 0.5)))
    told.curves["task/1/accuracy"] = lambda t: np.where(t < 0.5, 0.5, 0.9)
    looks = told.tell()
    assert problems(looks) == ["catastrophic-forgetting"]
    assert "task/0" in looks[-1].ever[0].headline
    assert looks[-1].ever[0].detected_step <= 600


def test_replay_that_loses_a_few_points_is_no_forgetting(story: Any, problems: Any) -> None:
    told = story()
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.9)
    assert problems(told.tell()) == []
