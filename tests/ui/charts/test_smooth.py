"""Smoothing against the definition."""

import math

import numpy as np
import pytest

from nnlab.ui.charts.canvas import Columns
from nnlab.ui.charts.smooth import smoothed


def columns(at: list[int], mean: list[float], gap: list[bool] | None = None) -> Columns:
    values = np.array(mean)
    return Columns(np.array(at), values, values, values, np.array(gap or [False] * len(at)))


def test_a_constant_stays_and_nothing_is_nothing() -> None:
    assert smoothed(columns([0, 3, 4], [2.0, 2.0, 2.0]), 5.0).tolist() == pytest.approx([2, 2, 2])
    assert len(smoothed(columns([], []), 5.0)) == 0


def test_each_value_counts_by_its_age() -> None:
    at, mean, length = [0, 1, 2, 7], [1.0, 5.0, -2.0, 4.0], 3.0
    wanted = []
    for now in range(len(at)):
        weights = [math.exp(-(at[now] - at[then]) / length) for then in range(now + 1)]
        wanted.append(sum(w * v for w, v in zip(weights, mean, strict=False)) / sum(weights))
    assert smoothed(columns(at, mean), length).tolist() == pytest.approx(wanted)


def test_it_begins_anew_behind_a_gap() -> None:
    result = smoothed(columns([0, 1, 2, 3], [9.0, 9.0, 1.0, 1.0], [False, False, True, False]), 10.0)
    assert result.tolist() == pytest.approx([9, 9, 1, 1])
