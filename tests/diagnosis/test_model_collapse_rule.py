"""model-collapse: sick and healthy runs."""

from typing import Any

import numpy as np


def test_generations_that_lose_their_variance(story: Any, problems: Any) -> None:
    told = story()
    told.curves["samples/variance"] = lambda t: np.exp(-2 * t)
    assert problems(told.tell()) == ["model-collapse"]
    told = story()
    told.curves["samples/variance"] = lambda t: 1.0 + 0.02 * np.sin(90 * t)
    assert problems(told.tell()) == []
