"""vanishing-gradients: sick and healthy runs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest


def test_early_layers_without_gradient_in_a_stuck_run(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
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
    told = story()
    told.stuck()
    told.layer("fc1", "grad_norm", lambda t: np.where(t < 0.02, 1e-8, 0.0))
    told.layer("fc2", "grad_norm", lambda t: np.where(t < 0.02, 1e-4, 0.0))
    told.layer("fc2", "dead", lambda t: np.where(t < 0.02, 0.2, 1.0))
    assert problems(told.tell()) == ["vanishing-gradients"]


def test_a_single_layer_can_fade_as_a_whole(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.curves = {name: curve for name, curve in told.curves.items() if not name.startswith("layer/")}
    told.curves["grad/norm"] = lambda t: 10.0 ** (-1 - 20 * np.minimum(t, 0.4))
    info = told.info()
    told.info = lambda: replace(info, layers=info.layers[-1:])
    assert problems(told.tell()) == ["vanishing-gradients"]
