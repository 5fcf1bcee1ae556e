"""saturated-units: sick and healthy runs."""

from typing import Any


def test_saturated_hidden_layers_of_a_stuck_run(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.activations = ("tanh", "tanh", "none")
    told.layer("fc1", "saturated", 0.95)
    assert problems(told.tell()) == ["saturated-units"]


def test_saturation_of_the_output_or_of_a_run_that_learns_is_no_fault(story: Any, problems: Any) -> None:
    told = story()
    told.layer("fc1", "saturated", 0.8)
    told.layer("out", "saturated", 0.99)
    assert problems(told.tell()) == []
