"""nonfinite: sick and healthy runs."""

from typing import Any

import numpy as np


def test_nan_in_the_data_is_the_headline_at_step_0(story: Any) -> None:
    told = story()
    told.facts["nonfinite_inputs"] = 3.0
    told.loss(lambda t: np.nan + 0 * t)
    looks = told.tell()
    assert looks[0].verdict == "nonfinite"
    assert "3 input values" in looks[-1].ever[0].headline
    assert looks[-1].verdict == "nonfinite"


def test_nan_out_of_nowhere_is_nonfinite_at_the_same_step(story: Any) -> None:
    told = story()
    told.curves["train/loss"] = lambda t: np.where(t < 0.4, 0.5, np.nan)
    looks = told.tell()
    top = looks[-1].ever[0]
    assert (top.mode, top.since_step, top.detected_step, top.severity) == ("nonfinite", 400, 400 + 1, "critical")


def test_the_optimizer_that_divides_by_nothing_is_named(story: Any) -> None:
    told = story()
    told.facts["optimizer.eps"] = 1e-46
    told.curves["train/loss"] = lambda t: np.where(t < 0.001, 0.7, np.nan)
    told.curves["grad/norm"] = lambda t: np.where(t < 0.001, 0.3, np.nan)
    top = told.tell()[-1].ever[0]
    assert (top.mode, top.since_step) == ("nonfinite", 1)
    assert "eps" in top.because
    assert top.remedies[0].commands == ({"action": "restart", "set": {"optimizer.eps": 1e-8}},)


def test_a_gradient_that_breaks_before_its_loss_is_named(story: Any) -> None:
    told = story()
    told.curves["grad/norm"] = lambda t: np.where(t < 0.4, 0.3, np.nan)
    told.curves["train/loss"] = lambda t: np.where(t < 0.401, 0.5, np.nan)
    top = told.tell()[-1].ever[0]
    assert top.headline.startswith("grad/norm stopped being a number at step 400")
    assert "divides by 0" in top.because


def test_a_loss_on_probabilities_that_breaks_alone_is_offered_its_stable_form(story: Any) -> None:
    told = story()
    told.facts |= {"objective.kind": "binary_cross_entropy", "model.output_activation": "sigmoid"}
    told.curves["train/loss"] = lambda t: np.where(t < 0.4, 0.5, np.nan)
    settings = told.tell()[-1].ever[0].remedies[0].commands[0]["set"]
    assert settings == {"objective.kind": "bce_with_logits", "model.output_activation": "none"}


def test_rows_of_a_table_can_be_left_out(story: Any) -> None:
    told = story()
    told.facts |= {"nonfinite_inputs": 1.0, "data.kind": "table"}
    top = told.tell()[-1].ever[0]
    assert top.remedies[0].commands == ({"action": "restart", "set": {"data.drop_nonfinite": True}},)
