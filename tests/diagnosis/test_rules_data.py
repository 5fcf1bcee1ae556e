"""Rules about data and objective: facts first, then what the run shows."""

from typing import Any

import numpy as np
import pytest


def stuck(told: Any) -> Any:
    told.loss(lambda t: 0.69 + 0 * t)
    return told


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
    told = stuck(story())
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
    told = stuck(story())
    told.facts["objective.reduction"] = "sum"
    told.curves["grad/norm"] = lambda t: 5000.0
    assert problems(told.tell())[0] == "objective-mismatch"


def test_sorted_rows_without_shuffling(story: Any, problems: Any) -> None:
    told = story()
    told.facts |= {"data.shuffle": False, "label_runs": 200.0}
    looks = told.tell()
    assert looks[0].verdict == "unshuffled-data"
    assert problems(looks) == ["unshuffled-data"]


def test_a_loss_that_repeats_each_epoch(story: Any, problems: Any) -> None:
    told = story()
    told.facts |= {"data.shuffle": False, "label_runs": 1.0}
    order = np.exp(0.5 * np.random.default_rng(5).normal(size=25))
    told.curves["train/loss"] = lambda t: 0.3 * order[np.round(t * 1000).astype(int) % 25]
    assert problems(told.tell()) == ["unshuffled-data"]


def test_unshuffled_rows_in_random_order_are_no_fault(story: Any, problems: Any) -> None:
    told = story()
    told.facts["data.shuffle"] = False
    assert problems(told.tell()) == []


@pytest.mark.parametrize(
    "facts", [{"feature_std_max": 700.0}, {"feature_std_min": 1e-5, "feature_std_max": 1e-4}, {"target_std": 80.0}]
)
def test_values_out_of_scale_in_a_run_that_does_not_learn(story: Any, problems: Any, facts: dict[str, Any]) -> None:
    told = stuck(story())
    told.facts |= facts | ({"classes": 0.0, "objective.kind": "mse"} if "target_std" in facts else {})
    assert problems(told.tell())[0] == "unscaled-inputs"


def test_values_out_of_scale_in_a_run_that_learns_are_a_note_at_most(story: Any, problems: Any) -> None:
    told = story()
    told.facts["feature_std_max"] = 700.0
    told.loss(lambda t: 0.1 + 0.59 * np.exp(-60 * t))
    assert problems(told.tell()) == []


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


def test_drift_that_hurts_and_drift_that_does_not(story: Any, problems: Any) -> None:
    for hurt in (True, False):
        told = story()
        told.facts["data.kind"] = "stream"
        told.curves["drift/p"] = lambda t: np.where(t < 0.5, 0.5, 1e-9)
        told.curves["drift/psi"] = lambda t: np.where(t < 0.5, 0.05, 1.5)
        told.curves["drift/page_hinkley"] = lambda t: 1.0
        if hurt:
            told.curves["train/loss"] = lambda t: np.where(t < 0.5, 0.1 + 0.59 * np.exp(-8 * t), 0.9)
        looks = told.tell()
        drift = next(item for item in looks[-1].ever if item.mode == "data-drift")
        assert drift.severity == ("warning" if hurt else "note")
        assert 500 <= drift.since_step <= drift.detected_step <= 520


def test_an_earlier_task_is_forgotten(story: Any, problems: Any) -> None:
    told = story()
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.95 * np.exp(-10 * (t - 0.5)))
    told.curves["task/1/accuracy"] = lambda t: np.where(t < 0.5, 0.5, 0.9)
    looks = told.tell()
    assert problems(looks) == ["catastrophic-forgetting"]
    assert "task/0" in looks[-1].ever[0].headline
    assert looks[-1].ever[0].detected_step <= 600


def test_replay_that_loses_a_few_points_is_no_forgetting(story: Any, problems: Any) -> None:
    told = story()
    told.curves["task/0/accuracy"] = lambda t: np.where(t < 0.5, 0.95, 0.9)
    assert problems(told.tell()) == []


def test_generations_that_lose_their_variance(story: Any, problems: Any) -> None:
    told = story()
    told.curves["samples/variance"] = lambda t: np.exp(-2 * t)
    assert problems(told.tell()) == ["model-collapse"]
    told = story()
    told.curves["samples/variance"] = lambda t: 1.0 + 0.02 * np.sin(90 * t)
    assert problems(told.tell()) == []
