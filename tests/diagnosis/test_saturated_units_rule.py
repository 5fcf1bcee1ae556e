"""saturated-units: sick and healthy runs."""

from typing import Any

import numpy as np


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


def test_the_remedy_goes_by_how_the_units_got_there(story: Any) -> None:
    def first(largest: float, born: float) -> Any:
        told = story()
        told.stuck()
        told.activations = ("tanh", "tanh", "none")
        told.facts |= {"feature_abs_max": largest, "model.init_scale": "20.0,20.0,1.0"}
        told.layer("fc1", "saturated", lambda t: np.where(t < 0.005, born, 0.95))
        return told.tell()[-1].ever[0].remedies[0].commands[0]["set"]

    assert first(3.0, 0.95) == {"model.init": "xavier_uniform", "model.init_scale": 1.0}
    assert first(50.0, 0.95) == {"data.standardize": True}
    assert first(3.0, 0.1) == {"optimizer.lr": 1e-4}
