"""Statistics against scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as oracle

from nnlab.diagnosis import stats

SERIES = st.lists(st.integers(-50, 50), min_size=3, max_size=stats.MAX_POINTS).map(lambda v: np.array(v, float))


@given(SERIES)
def test_theil_sen_is_scipys(y: np.ndarray) -> None:
    assert stats.theil_sen(y) == pytest.approx(oracle.theilslopes(y).slope)


@given(SERIES)
def test_mann_kendall_is_the_normal_approximation_with_ties(y: np.ndarray) -> None:
    tau, p = stats.mann_kendall(y)
    n = len(y)
    score = sum(np.sign(y[j] - y[i]) for i in range(n) for j in range(i + 1, n))
    ties = np.unique(y, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    assert tau == pytest.approx(score / (n * (n - 1) / 2))
    if variance > 0 and score:
        z = (score - np.sign(score)) / math.sqrt(variance)
        assert p == pytest.approx(2 * oracle.norm.sf(abs(z)))
    else:
        assert p == 1.0


@given(SERIES)
def test_mad_is_scipys(y: np.ndarray) -> None:
    assert stats.mad(y) == pytest.approx(oracle.median_abs_deviation(y))


def test_long_series_are_thinned_and_keep_their_slope() -> None:
    y = 0.5 * np.arange(10_000) + np.random.default_rng(0).normal(size=10_000)
    assert stats.theil_sen(y, np.arange(10_000.0)) == pytest.approx(0.5, abs=1e-3)
    assert len(stats.thin(y)) == stats.MAX_POINTS


def test_ema_begins_with_its_first_value_and_keeps_a_constant() -> None:
    assert stats.ema(np.array([3.0, 3.0, 3.0]), 5) == pytest.approx([3.0, 3.0, 3.0])
    assert stats.ema(np.array([1.0, 2.0]), 1) == pytest.approx([1.0, 2.0])


def test_bin_means_are_means_of_equal_blocks() -> None:
    assert stats.bin_means(np.arange(6.0), 3) == pytest.approx([0.5, 2.5, 4.5])
    assert stats.bin_means(np.arange(2.0), 3) == pytest.approx([0.0, 1.0])


def test_noise_is_that_of_the_residuals_not_of_the_course() -> None:
    rng = np.random.default_rng(1)
    y = np.linspace(0, 100, 4000) + rng.normal(size=4000)
    assert stats.noise(y) == pytest.approx(1.0, rel=0.1)


def test_flip_rate_of_noise_and_of_a_trend() -> None:
    assert stats.flip_rate(np.random.default_rng(2).normal(size=5000)) == pytest.approx(2 / 3, abs=0.03)
    assert stats.flip_rate(np.arange(10.0)) == 0.0


def test_autocorrelation_of_a_period() -> None:
    wave = np.sin(np.arange(200) * 2 * np.pi / 20)
    assert stats.autocorrelation(wave, 20) == pytest.approx(1.0)
    assert stats.autocorrelation(wave, 10) == pytest.approx(-1.0)
    assert stats.autocorrelation(wave, 150) == 0.0


@given(st.integers(1, 5000), st.floats(0, 1))
def test_binomial_margin_covers_three_standard_errors(trials: int, rate: float) -> None:
    spread = math.sqrt(rate * (1 - rate) / trials)
    assert 0 < stats.binomial_margin(rate, trials) < 3.3 * spread + 4 / math.sqrt(trials)
