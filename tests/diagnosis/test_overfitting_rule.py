"""overfitting: sick and healthy runs."""

from typing import Any

import numpy as np
import pytest


def learned(told: Any, val: Any) -> Any:
    told.loss(lambda t: 0.01 + 0.68 * np.exp(-12 * t), val)
    told.flat("train/probe_accuracy", 1.0)
    told.flat("val/accuracy", 0.8)
    return told


def test_validation_turns_up_while_training_falls(story: Any, problems: Any) -> None:
    told = learned(story(), lambda t: 0.4 + 0.3 * np.exp(-12 * t) + 0.8 * np.maximum(0, t - 0.2))
    looks = told.tell()
    assert problems(looks) == ["overfitting"]
    top = looks[-1].ever[0]
    assert 150 <= top.since_step <= 300
    assert top.detected_step - top.since_step <= 200


@pytest.mark.parametrize("rise", [0.0, 0.02])
def test_validation_that_holds_is_no_overfitting(story: Any, problems: Any, rise: float) -> None:
    told = learned(story(), lambda t: 0.4 + 0.3 * np.exp(-12 * t) + rise * t)
    assert problems(told.tell()) == []


def test_ratios_of_tiny_losses_mean_nothing(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.7 * np.exp(-20 * t), lambda t: 0.7 * np.exp(-20 * t) + 0.004 * t)
    assert problems(told.tell()) == []


def test_a_run_worse_than_a_constant_guess_has_fitted_nothing(story: Any) -> None:
    told = learned(story(), lambda t: 0.4 + 0.8 * t)
    told.loss(lambda t: 3.0 - t, lambda t: 0.4 + 0.8 * t)
    assert "overfitting" not in [finding.mode for finding in told.tell()[-1].ever]
