"""objective-mismatch: sick and healthy runs."""

from typing import Any

import pytest


@pytest.mark.parametrize(
    "facts",
    [
        {"model.output_activation": "softmax", "output_width": 1.0},
        {"objective.kind": "cross_entropy", "model.output_activation": "softmax"},
        {"objective.kind": "bce_with_logits", "model.output_activation": "relu"},
        {"fault.double_softmax": True},
        {"objective.kind": "mse", "classes": 0.0, "model.output_activation": "sigmoid", "target_min": -1.0,
         "target_max": 1.0},
        {"objective.kind": "mae", "classes": 0.0, "model.output_activation": "relu", "target_min": -3.0,
         "target_max": 3.0},
    ],
)  # fmt: skip
def test_what_cannot_work_is_said_before_the_first_step(story: Any, problems: Any, facts: dict[str, Any]) -> None:
    told = story()
    told.stuck()
    told.facts |= facts
    looks = told.tell()
    assert looks[0].verdict == "objective-mismatch"
    assert problems(looks) == ["objective-mismatch"]


@pytest.mark.parametrize(
    "facts",
    [
        {"objective.kind": "categorical_cross_entropy", "model.output_activation": "sigmoid"},
        {"objective.kind": "binary_cross_entropy", "model.output_activation": "sigmoid", "output_width": 1.0},
        {"objective.kind": "mse", "classes": 0.0, "model.output_activation": "sigmoid", "target_min": 0.0,
         "target_max": 1.0},
        {"objective.kind": "mse", "classes": 0.0, "model.output_activation": "tanh", "target_min": -1.02,
         "target_max": 1.01},
    ],
)  # fmt: skip
def test_pairs_that_fit_are_left_alone(story: Any, problems: Any, facts: dict[str, Any]) -> None:
    told = story()
    told.facts |= facts
    assert problems(told.tell()) == []


def test_a_summed_loss_is_blamed_only_while_it_hurts(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.facts["objective.reduction"] = "sum"
    told.curves["grad/norm"] = lambda t: 5000.0
    assert problems(told.tell())[0] == "objective-mismatch"
