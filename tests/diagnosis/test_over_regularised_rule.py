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
    told.turn(0, "weight_decay", 0.0, 0.1)
    told.loss(lambda t: 0.69 + 0 * t)
    told.flat("grad/penalty_ratio", 5.0)
    told.curves["weight/norm"] = lambda t: 7 * np.exp(-4 * t)
    assert problems(told.tell()) == ["over-regularised"]


def test_a_penalty_in_balance_with_the_data_of_a_run_that_learned(story: Any, problems: Any) -> None:
    told = story()
    told.turn(0, "weight_decay", 0.0, 0.1)
    told.flat("grad/penalty_ratio", 1.5)
    told.curves["weight/norm"] = lambda t: 7 - t
    assert problems(told.tell()) == []


def test_dropout_that_hides_what_there_is_to_learn(story: Any, problems: Any) -> None:
    told = story()
    told.facts["model.dropout"] = 0.9
    told.loss(lambda t: 0.69 - 0.12 * t)
    told.flat("train/dropout_loss", 0.69)
    assert problems(told.tell()) == ["over-regularised"]


def vanished(told: Any, first_layer: float) -> list[str]:
    told.stuck()
    told.turn(0, "weight_decay", 0.0, 0.3)
    told.curves["grad/penalty_ratio"] = lambda t: np.where(t < 0.05, 3.0, 0.1)
    told.curves["weight/norm"] = lambda t: 0.01 + 7 * np.exp(-100 * t)
    told.layer("fc1", "grad_norm", lambda t: np.where(t < 0.03, first_layer, 1e-6))
    return [finding.mode for finding in told.tell()[-1].standing if finding.problem]


def test_vanished_weights_are_evidence_when_the_ratio_is_not(story: Any) -> None:
    assert vanished(story(), first_layer=0.2) == ["over-regularised"]


def test_weights_that_shrink_because_no_gradient_ever_came_are_not(story: Any) -> None:
    assert vanished(story(), first_layer=1e-7) == ["vanishing-gradients"]


def test_dropout_of_nearly_all_units_explains_those_that_die(story: Any, problems: Any) -> None:
    told = story()
    told.facts["model.dropout"] = 0.9
    told.loss(lambda t: 0.69 - 0.03 * t)
    told.flat("train/dropout_loss", 0.69)
    told.layer("fc2", "dead", 0.7)
    assert problems(told.tell()) == ["over-regularised"]


def test_one_layer_that_an_l2_term_has_emptied(story: Any) -> None:
    told = story()
    told.stuck()
    told.facts["objective.l2"] = 0.5
    told.layer("out", "weight_norm", lambda t: 0.4 + 3.6 * np.exp(-100 * t))
    top = told.tell()[-1].headline
    assert top.mode == "over-regularised" and "weights of out" in top.headline
