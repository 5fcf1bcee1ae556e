"""unscaled-inputs: sick and healthy runs."""

from typing import Any

import numpy as np
import pytest


@pytest.mark.parametrize(
    "facts", [{"feature_std_max": 700.0}, {"feature_std_min": 1e-5, "feature_std_max": 1e-4}, {"target_std": 80.0}]
)
def test_values_out_of_scale_in_a_run_that_does_not_learn(story: Any, problems: Any, facts: dict[str, Any]) -> None:
    told = story()
    told.stuck()
    told.facts |= facts | ({"classes": 0.0, "objective.kind": "mse"} if "target_std" in facts else {})
    assert problems(told.tell())[0] == "unscaled-inputs"


def test_values_out_of_scale_in_a_run_that_learns_are_a_note_at_most(story: Any, problems: Any) -> None:
    told = story()
    told.facts["feature_std_max"] = 700.0
    told.loss(lambda t: 0.1 + 0.59 * np.exp(-60 * t))
    assert problems(told.tell()) == []
