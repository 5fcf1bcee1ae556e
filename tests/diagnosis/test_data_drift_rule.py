"""data-drift: sick and healthy runs."""

from typing import Any

import numpy as np


def test_drift_that_only_all_features_together_show(story: Any) -> None:
    for p, found in ((0.005, True), (0.02, False)):
        told = story()
        told.facts["data.kind"] = "stream"
        told.curves["drift/p"] = lambda t: 0.5
        told.curves["drift/psi"] = lambda t: 0.05
        told.curves["drift/mmd"] = lambda t: np.where(t < 0.5, 0.001, 0.05)
        told.curves["drift/mmd_p"] = lambda t, p=p: np.where(t < 0.5, 0.4, p)
        looks = told.tell()
        drifts = [item for item in looks[-1].ever if item.mode == "data-drift"]
        assert bool(drifts) == found
        for drift in drifts:
            assert "together" in drift.because and 500 <= drift.since_step <= drift.detected_step <= 540
            assert any(item.series == "drift/mmd_p" for item in drift.evidence)


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
