"""overfitting, underfitting, over-regularised, confounded-changes, learning, converged."""

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


def test_both_losses_stay_at_a_constant_guess(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.68 + 0 * t)
    looks = told.tell()
    assert problems(looks) == ["underfitting"]
    assert looks[-1].ever[0].detected_step <= 350
    assert {item.mode: item.folded_into for item in looks[-1].ever}["plateau"] == "underfitting"


def test_noisy_data_with_a_high_floor_are_no_underfitting(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.5 + 0.19 * np.exp(-30 * t))
    assert problems(told.tell()) == []


def test_a_penalty_stronger_than_the_data(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.69 + 0 * t)
    told.flat("grad/penalty_ratio", 5.0)
    told.curves["weight/norm"] = lambda t: 7 * np.exp(-4 * t)
    assert problems(told.tell()) == ["over-regularised"]


def test_a_penalty_in_balance_with_the_data_of_a_run_that_learned(story: Any, problems: Any) -> None:
    told = story()
    told.flat("grad/penalty_ratio", 1.5)
    told.curves["weight/norm"] = lambda t: 7 - t
    assert problems(told.tell()) == []


def test_dropout_that_hides_what_there_is_to_learn(story: Any, problems: Any) -> None:
    told = story()
    told.facts["model.dropout"] = 0.9
    told.loss(lambda t: 0.69 - 0.12 * t)
    told.flat("train/dropout_loss", 0.69)
    assert problems(told.tell()) == ["over-regularised"]


def test_several_knobs_at_once_are_confounded_until_their_effect_is_seen(story: Any, problems: Any) -> None:
    told = story()
    for knob, new in (("lr", 2e-3), ("clip_norm", 1.0), ("weight_decay", 1e-4)):
        told.turn(500, knob, 0.0, new)
    looks = told.tell()
    assert problems(looks) == ["confounded-changes"]
    top = looks[-1].ever[0]
    assert (top.since_step, top.detected_step) == (500, 510)
    assert top.cleared_step is not None and top.cleared_step <= 570


def test_rate_and_batch_scaled_together_are_a_note_and_one_knob_is_nothing(story: Any, problems: Any) -> None:
    told = story()
    told.turn(500, "lr", 1e-3, 2e-3)
    told.turn(500, "batch_size", 32, 64)
    assert problems(told.tell()) == []
    told = story()
    told.turn(500, "lr", 1e-3, 2e-3)
    assert "confounded-changes" not in {item.mode for item in told.tell()[-1].ever}


def test_green_needs_evidence(story: Any) -> None:
    told = story()
    told.curves = {"train/loss": lambda t: 0.69 + 0 * t, "grad/norm": lambda t: 1.0}
    looks = told.tell()
    assert {look.verdict for look in looks} == {"undecided"}
