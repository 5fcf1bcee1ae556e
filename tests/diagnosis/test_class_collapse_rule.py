"""class-collapse: sick and healthy runs."""

from typing import Any

import numpy as np


def test_the_rare_class_is_never_predicted(story: Any, problems: Any) -> None:
    told = story()
    told.facts |= {"majority_share": 0.96, "constant_loss": 0.168, "constant_loss_val": 0.168}
    told.loss(lambda t: 0.15 + 0.3 * np.exp(-30 * t))
    told.flat("val/recall_min", 0.0)
    told.flat("val/predicted_majority", 1.0)
    told.flat("val/majority", 0.96)
    looks = told.tell()
    assert problems(looks) == ["class-collapse"]
    assert looks[-1].ever[0].detected_step <= 200


def test_skewed_data_that_are_learned_are_no_fault(story: Any, problems: Any) -> None:
    told = story()
    told.facts["majority_share"] = 0.96
    told.flat("val/recall_min", 0.8)
    told.flat("val/predicted_majority", 0.965)
    told.flat("val/majority", 0.96)
    assert problems(told.tell()) == []
