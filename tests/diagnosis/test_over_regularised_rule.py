"""over-regularised: sick and healthy runs."""

from typing import Any

import numpy as np


def learned(told: Any, val: Any) -> Any:
    told.loss(lambda t: 0.01 + 0.68 * np.exp(-12 * t), val)
    told.flat("train/probe_accuracy", 1.0)
    told.flat("val/accuracy", 0.8)
    return told


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
