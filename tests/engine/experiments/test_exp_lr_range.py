"""The learning-rate range test: what a curve says, and verdicts on scenarios' own rates."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from nnlab.engine.build import Plan
from nnlab.engine.experiments.lr_range import lr_range
from nnlab.engine.experiments.sweep import longest_valley, read, smoothed
from nnlab.wire.experiments import LrRange

pytestmark = pytest.mark.slow

Make = Callable[..., Plan]

RATES = np.geomspace(1e-7, 10.0, 160)


def test_smoothing_is_an_average_without_bias() -> None:
    assert np.allclose(smoothed(np.full(50, 3.0)), 3.0)
    assert len(smoothed(np.array([1.0, 2.0, np.nan, 1.0]))) == 2
    values = np.array([4.0, 2.0, 1.0])
    weights = np.array([0.81, 0.9, 1.0])
    assert math.isclose(smoothed(values)[-1], (values * weights).sum() / weights.sum())


def test_a_textbook_curve_is_read_where_it_falls() -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.01, len(RATES))
    losses = 1.0 - 0.8 / (1.0 + (1e-2 / RATES) ** 1.5) + np.where(RATES > 0.3, RATES, 0.0) + noise
    found = read(RATES, losses, math.nan)
    assert 3e-3 < found.steepest < 3e-2
    assert 3e-3 < found.valley < 0.3
    assert 0.1 < found.lowest < 1.0


def test_noise_without_a_fall_is_not_read() -> None:
    losses = np.random.default_rng(0).normal(1.0, 0.2, len(RATES))
    assert math.isnan(read(RATES, losses, math.nan).lowest)
    assert math.isnan(read(RATES, np.full(len(RATES), 0.7), math.nan).valley)
    assert math.isnan(read(RATES[:2], np.array([1.0, np.nan]), 1e-7).steepest)


def test_the_longest_valley_is_the_longest_decreasing_subsequence() -> None:
    assert longest_valley(np.array([5.0, 9.0, 4.0, 3.0, 8.0, 2.0, 7.0, 1.0])) == 5
    assert longest_valley(np.array([1.0])) == 0


def measure(make: Make, family: str, *overrides: str) -> LrRange:
    return lr_range([make(family, *overrides, seed=seed).training for seed in (3, 4, 5)])


@pytest.mark.parametrize(
    ("family", "overrides", "verdict"),
    [
        ("moons", (), "inside"),
        ("moons", ("optimizer.kind=sgd", "lr=0.1"), "inside"),
        ("moons", ("lr=1e-6",), "too-low"),
        ("moons", ("optimizer.kind=sgd", "lr=1e-4"), "too-low"),
        ("moons", ("lr=0",), "too-low"),
        ("moons", ("lr=10",), "too-high"),
        ("sine", ("optimizer.kind=sgd", "lr=20"), "too-high"),
        ("moons", ("fault.detach_layer=2",), "flat"),
        ("moons", ("fault.flip_gradient=true",), "flat"),
        ("moons", ("model.freeze=[0, 1, 2]",), "flat"),
        ("moons", ("data.input_scale=1e30",), "flat"),
        ("towers", (), "inside"),
        ("towers", ("data.negatives=same-query",), "flat"),
    ],
)
def test_verdicts(make: Make, family: str, overrides: tuple[str, ...], verdict: str) -> None:
    result = measure(make, family, *overrides)
    assert result.verdict == verdict, result.headline
    if verdict == "flat":
        assert result.headline.startswith("No rate can be suggested: ")
        assert math.isnan(result.suggestion)
    else:
        assert result.low <= result.suggestion <= result.high
        assert all(len(sweep.lrs) == len(sweep.losses) <= 160 for sweep in result.sweeps)


def test_a_sweep_stops_where_the_loss_diverges(make: Make) -> None:
    result = measure(make, "sine", "optimizer.kind=sgd")
    for sweep in result.sweeps:
        assert sweep.diverged == sweep.lrs[-1] < 10.0


def test_the_suggestion_trains_as_well_as_rates_far_from_it(make: Make) -> None:
    suggestion = measure(make, "moons", "optimizer.kind=sgd").suggestion

    def loss_at(rate: float) -> float:
        training = make("moons", "optimizer.kind=sgd", f"lr={rate}").training
        for _ in range(200):
            training.one_step()
        return float(training.task.measure(training.task.probe())[1].detach())

    assert loss_at(suggestion) < min(loss_at(suggestion / 30), loss_at(suggestion * 1000))
