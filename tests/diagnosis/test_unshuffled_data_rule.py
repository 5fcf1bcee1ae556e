"""unshuffled-data: sick and healthy runs."""

from typing import Any

import numpy as np


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


def test_batches_with_one_class_each_after_shuffling_was_turned_off(story: Any, problems: Any) -> None:
    told = story()
    told.facts |= {"data.shuffle": False, "label_runs": 1.0}
    told.curves["batch/label_entropy"] = lambda t: np.where(t < 0.4, 1.0, 0.02)
    looks = told.tell()
    assert problems(looks) == ["unshuffled-data"]
    (finding,) = looks[-1].standing
    assert 400 <= finding.detected_step <= 440
    assert finding.evidence[0].series == "batch/label_entropy"
    assert "2 % of the entropy" in finding.headline


def test_runs_of_labels_are_shown_together_with_the_batches_they_make(story: Any) -> None:
    told = story()
    told.facts |= {"data.shuffle": False, "label_runs": 200.0}
    told.flat("batch/label_entropy", 0.0)
    (finding,) = told.tell()[-1].standing
    assert [item.series for item in finding.evidence] == ["label_runs", "batch/label_entropy"]
