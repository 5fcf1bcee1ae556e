"""vanishing-gradients, dead-units, saturated-units, no-gradient, bad-init: what happens inside the layers."""

from typing import Any

import numpy as np
import pytest


def stuck(told: Any) -> Any:
    told.loss(lambda t: 0.69 + 0 * t)
    return told


def test_early_layers_without_gradient_in_a_stuck_run(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.layer("fc1", "grad_norm", 1e-7)
    looks = told.tell()
    assert problems(looks) == ["vanishing-gradients"]
    assert looks[-1].ever[0].detected_step <= 130


@pytest.mark.parametrize("ratio", [1e-2, 1e-5])
def test_a_small_ratio_in_a_run_that_learns_is_no_evidence(story: Any, problems: Any, ratio: float) -> None:
    told = story()
    told.layer("fc1", "grad_norm", ratio)
    assert problems(told.tell()) == []


def test_units_that_die_of_a_vanished_gradient_are_its_symptom(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.layer("fc1", "grad_norm", lambda t: np.where(t < 0.02, 1e-8, 0.0))
    told.layer("fc2", "grad_norm", lambda t: np.where(t < 0.02, 1e-4, 0.0))
    told.layer("fc2", "dead", lambda t: np.where(t < 0.02, 0.2, 1.0))
    assert problems(told.tell()) == ["vanishing-gradients"]


def test_a_dead_layer_is_the_cause_of_the_missing_gradient(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.layer("fc2", "dead", 1.0)
    told.layer("fc1", "grad_norm", 0.0)
    told.layer("fc2", "grad_norm", 0.0)
    looks = told.tell()
    assert problems(looks) == ["dead-units"]
    assert looks[-1].ever[0].detected_step <= 40
    assert looks[-1].ever[0].evidence[0].layer == "fc2"


def test_many_dead_units_are_common_in_healthy_tiny_nets(story: Any, problems: Any) -> None:
    told = story()
    told.layer("fc2", "dead", 0.68)
    assert problems(told.tell()) == []


def test_saturated_hidden_layers_of_a_stuck_run(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.activations = ("tanh", "tanh", "none")
    told.layer("fc1", "saturated", 0.95)
    assert problems(told.tell()) == ["saturated-units"]


def test_saturation_of_the_output_or_of_a_run_that_learns_is_no_fault(story: Any, problems: Any) -> None:
    told = story()
    told.layer("fc1", "saturated", 0.8)
    told.layer("out", "saturated", 0.99)
    assert problems(told.tell()) == []


def test_learning_rate_0(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.turn(0, "lr", 1e-3, 0.0)
    told.flat("lr", 0.0)
    looks = told.tell()
    assert problems(looks) == ["no-gradient"]
    assert looks[-1].ever[0].detected_step <= 5
    assert looks[-1].ever[0].remedies[0].commands[0]["turn"] == "lr"


def test_everything_frozen(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.facts["trainable"] = 0.0
    looks = told.tell()
    assert looks[0].verdict == "no-gradient"


def test_a_layer_that_is_cut_off(story: Any, problems: Any) -> None:
    told = stuck(story())
    told.layer("fc1", "grad_norm", 0.0)
    looks = told.tell()
    assert problems(looks) == ["no-gradient"]
    assert "fc1" in looks[-1].ever[0].headline


def test_a_layer_frozen_on_purpose_is_a_note(story: Any, problems: Any) -> None:
    told = story()
    told.facts["model.freeze"] = "0"
    told.layer("fc1", "grad_norm", 0.0)
    looks = told.tell()
    assert problems(looks) == []
    assert "no-gradient" in {item.mode for item in looks[-1].ever}


def test_equal_rows_are_a_bad_start_at_step_0(story: Any, problems: Any) -> None:
    told = stuck(story())
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
