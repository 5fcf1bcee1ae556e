"""data-drift: sick and healthy runs."""

from typing import Any

import numpy as np


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
