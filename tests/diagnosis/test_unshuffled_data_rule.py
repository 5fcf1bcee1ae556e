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
