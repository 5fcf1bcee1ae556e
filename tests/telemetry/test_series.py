"""Series: the exact window and the overview, against plain lists."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.telemetry.pyramid import BUCKETS
from nnlab.telemetry.series import WINDOW, Series

pytestmark = pytest.mark.slow


def cut(count: int, cuts: list[int]) -> list[slice]:
    edges = [0, *sorted({min(edge, count) for edge in cuts}), count]
    return [slice(begin, end) for begin, end in itertools.pairwise(edges)]


def same(one: object, other: object) -> None:
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


@settings(deadline=None, max_examples=40)
@given(
    gaps=st.lists(st.integers(1, 300), min_size=1, max_size=300),
    cuts=st.lists(st.integers(0, 300), max_size=8),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_overview_is_what_brute_force_finds(gaps: list[int], cuts: list[int], seed: int) -> None:
    steps = np.cumsum(gaps) - gaps[0]
    noise = np.random.default_rng(seed)
    values = noise.normal(size=len(steps))
    values[noise.random(len(steps)) < 0.1] = math.nan
    values[noise.random(len(steps)) < 0.05] = math.inf
    series = Series("x")
    for piece in cut(len(steps), cuts):
        series.extend(steps[piece], values[piece])
        series.overview()
    width = 1
    while steps[-1] // width >= BUCKETS:
        width *= 2
    expected, broken = [], []
    for bucket in sorted({int(step) // width for step in steps}):
        inside = values[steps // width == bucket]
        finite = inside[np.isfinite(inside)]
        low, high, mean = (finite.min(), finite.max(), finite.mean()) if len(finite) else (math.nan,) * 3
        expected.append((bucket * width, low, high, mean))
        if len(finite) < len(inside):
            broken.append((bucket * width, len(inside) - len(finite)))
    found = series.overview()
    same(found.steps, [row[0] for row in expected])
    same(found.low, [row[1] for row in expected])
    same(found.high, [row[2] for row in expected])
    np.testing.assert_allclose(found.mean, [row[3] for row in expected], rtol=1e-12)
    same(np.stack(series.nonfinite(), 1), np.array(broken).reshape(-1, 2))


@settings(deadline=None, max_examples=20)
@given(cuts=st.lists(st.integers(0, 90_000), max_size=6), looks=st.lists(st.booleans(), min_size=8, max_size=8))
def test_how_points_come_changes_nothing(cuts: list[int], looks: list[bool]) -> None:
    steps = np.arange(90_000) * 3
    values = np.sin(steps / 700) * np.exp(steps / 30_000)
    whole, pieces = Series("x"), Series("x")
    whole.extend(steps, values)
    for piece, look in zip(cut(len(steps), cuts), looks, strict=False):
        pieces.extend(steps[piece], values[piece])
        if look:
            pieces.overview()
    same(whole.steps, pieces.steps)
    same(whole.values, pieces.values)
    for one, other in zip(whole.overview(), pieces.overview(), strict=True):
        same(one, other)


def test_the_window_is_exact_and_memory_bounded() -> None:
    series = Series("x")
    for start in range(0, 200_000, 777):
        steps = np.arange(start, min(start + 777, 200_000))
        series.extend(steps, steps * 0.5)
        assert WINDOW <= len(series) <= 2 * WINDOW or len(series) == series.count
        same(series.values, series.steps * 0.5)
    assert series.count == 200_000
    assert (series.last, series.last_step) == (99_999.5, 199_999)
    assert series.tail(3).values.tolist() == [99_998.5, 99_999.0, 99_999.5]
    assert len(series.tail(10**9).steps) == len(series)
    assert series.since(199_990).steps.tolist() == list(range(199_990, 200_000))
    overview = series.overview()
    assert overview.steps[0] == 0
    assert len(overview.steps) <= BUCKETS
    assert overview.low[0] == 0.0
    assert overview.high[-1] == 99_999.5


def test_a_step_counts_once() -> None:
    series = Series("x")
    series.extend(np.array([0, 10]), np.array([1.0, 2.0]))
    series.extend(np.array([10, 20]), np.array([9.0, 3.0]))
    assert series.steps.tolist() == [0, 10, 20]
    assert series.values.tolist() == [1.0, 2.0, 3.0]


def test_an_empty_series_says_so() -> None:
    with pytest.raises(IndexError, match="no points"):
        _ = Series("x").last
    assert len(Series("x").overview().steps) == 0


def test_large_values_do_not_overflow_the_mean() -> None:
    series = Series("x")
    series.extend(np.arange(8192), np.full(8192, 1.7e308))
    assert np.isfinite(series.overview().mean).all()


def test_a_stretch_is_exact_where_the_points_are_known_and_coarse_before() -> None:
    series = Series("train/loss")
    steps = np.arange(40_000, dtype=np.int64)
    values = np.sin(steps / 50.0)
    values[39_990] = np.nan
    series.extend(steps, values)
    recent = series.between(39_900, 39_950)
    assert recent.steps.tolist() == list(range(39_899, 39_952))
    assert recent.mean.tolist() == values[39_899:39_952].tolist()
    assert np.isnan(series.between(39_980, 39_999).mean[11])
    old = series.between(100, 200)
    assert 1 < len(old.steps) < 20
    assert old.steps[0] <= 100 and old.steps[-1] >= 200
    assert (old.low <= old.mean).all() and (old.mean <= old.high).all()


def test_the_first_step_that_is_not_finite_is_told_exactly_however_long_the_run() -> None:
    series = Series("train/loss")
    values = np.ones(100_000)
    values[[77_777, 77_778, 99_000]] = np.nan
    series.extend(np.arange(100_000, dtype=np.int64), values)
    steps, counts = series.nonfinite()
    assert steps[0] == 77_777
    assert counts.sum() == 3


def test_the_value_at_a_step_is_the_last_one_measured() -> None:
    series = Series("val/loss")
    assert series.at(5) is None
    series.extend(np.array([10, 20], np.int64), np.array([1.0, np.inf]))
    assert series.at(9) is None
    assert (series.at(10), series.at(19), series.at(99)) == (1.0, 1.0, np.inf)
    long = Series("train/loss")
    long.extend(np.arange(40_000, dtype=np.int64), np.arange(40_000.0))
    assert long.at(39_999) == 39_999.0
    assert abs(long.at(100) - 100) < 16
