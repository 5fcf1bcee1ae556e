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
