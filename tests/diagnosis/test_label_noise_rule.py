"""label-noise: sick and healthy runs."""

from typing import Any

import numpy as np


def test_right_on_validation_and_wrong_on_its_own_rows(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.5 + 0.19 * np.exp(-30 * t), lambda t: 0.2 + 0.49 * np.exp(-30 * t))
    told.flat("train/probe_accuracy", 0.62)
    told.flat("val/accuracy", 0.9)
    assert problems(told.tell()) == ["label-noise"]


def test_rows_learned_by_heart_that_teach_nothing(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.69 - 0.4 * t, lambda t: 0.7 + 0.4 * t)
    told.curves["train/probe_accuracy"] = lambda t: 0.5 + 0.4 * t
    told.flat("val/accuracy", 0.5)
    assert problems(told.tell())[0] == "label-noise"


def test_a_validation_loss_beyond_a_constant_guess_tells_before_the_accuracy_does(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.69 - 0.03 * t, lambda t: 0.69 + 0.5 * t)
    told.flat("train/probe_accuracy", 0.53)
    told.flat("val/accuracy", 0.48)
    looks = told.tell()
    assert problems(looks)[0] == "label-noise"
    assert looks[-1].ever[0].detected_step <= 350


def test_a_validation_set_of_another_balance_says_nothing_about_labels(story: Any, problems: Any) -> None:
    told = story()
    told.facts["majority_share"] = 0.95
    told.loss(lambda t: 0.2 - 0.1 * t, lambda t: 0.69 + 0.5 * t)
    told.flat("train/probe_accuracy", 0.97)
    told.flat("val/accuracy", 0.5)
    told.flat("val/majority", 0.5)
    assert "label-noise" not in problems(told.tell())


def test_a_run_that_learns_fast_is_not_compared_across_steps(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.69 * np.exp(-5 * t), lambda t: 0.55 * np.exp(-5 * t))
    told.curves["train/probe_accuracy"] = lambda t: np.clip(4 * t, 0.3, 0.97)
    told.curves["val/accuracy"] = lambda t: np.clip(4 * t + 0.15, 0.3, 0.97)
    assert problems(told.tell()) == []


def test_rows_missed_with_confidence_are_evidence(story: Any) -> None:
    told = story()
    told.loss(lambda t: 0.5 + 0.19 * np.exp(-30 * t), lambda t: 0.2 + 0.49 * np.exp(-30 * t))
    told.flat("train/probe_accuracy", 0.62)
    told.flat("val/accuracy", 0.9)
    told.flat("loss/sample_p50", 0.2)
    told.flat("loss/sample_p99", 2.5)
    (finding,) = told.tell()[-1].standing
    shown = next(item for item in finding.evidence if item.series == "loss/sample_p99")
    assert (shown.value, shown.threshold) == (2.5, 1.5 * told.facts["constant_loss"])
    assert "half of the training rows cost under 0.2" in shown.text
