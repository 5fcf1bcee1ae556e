"""Robust statistics for short, noisy, correlated series: numpy only, each cheap enough for every look.

All take one-dimensional float64 arrays. Series longer than `MAX_POINTS` are thinned evenly before anything quadratic,
so the cost of a look is bounded whatever the length of the run.
"""

import functools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MAX_POINTS = 120
"""Points that enter a quadratic statistic; 120² pairs cost about 0.1 ms."""
SHORT = 24
"""Values that Python sorts sooner than numpy."""
MAD_TO_SIGMA = 1.4826
"""Standard deviation of a Gaussian, in units of its median absolute deviation."""


def floats(values: npt.NDArray[Any]) -> Floats:
    """`values` as float64."""
    return np.asarray(values, dtype=np.float64)


def thin(values: Floats, most: int = MAX_POINTS) -> Floats:
    """At most `most` of the values, evenly spaced, first and last kept."""
    if len(values) <= most:
        return values
    return values[np.linspace(0, len(values) - 1, most).round().astype(np.int64)]


def bin_means(values: Floats, bins: int) -> Floats:
    """Means of at most `bins` consecutive blocks of (nearly) equal length; all values when there are fewer."""
    if len(values) <= bins:
        return values
    first, lengths = _blocks(len(values), bins)
    return floats(np.add.reduceat(values, first) / lengths)


@functools.lru_cache(maxsize=64)
def _blocks(count: int, bins: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each block begins, and how long it is."""
    edges = np.linspace(0, count, bins + 1).round().astype(np.int64)
    return edges[:-1], np.diff(edges)


def median(values: Floats) -> float:
    """The median; NaN of nothing, and where a value is NaN. On short arrays twenty times as fast as numpy's."""
    count = len(values)
    if not count:
        return math.nan
    if count <= SHORT:
        few: list[float] = sorted(values.tolist())
        if any(map(math.isnan, few)):
            return math.nan
        return few[count // 2] if count % 2 else (few[count // 2 - 1] + few[count // 2]) / 2
    ordered = values.copy()
    ordered.sort()
    if math.isnan(ordered[-1]):
        return math.nan
    upper = float(ordered[count // 2])
    return upper if count % 2 else (float(ordered[count // 2 - 1]) + upper) / 2


def mad(values: Floats) -> float:
    """Median absolute deviation from the median (not scaled); NaN of nothing."""
    return median(np.abs(values - median(values))) if len(values) else math.nan


@functools.lru_cache(maxsize=MAX_POINTS)
def _pairs(count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Indices of the earlier and the later point of all pairs."""
    first, second = np.triu_indices(count, 1)
    return first, second


def theil_sen(y: Floats, x: Floats | None = None) -> float:
    """Median of the slopes of all pairs, per unit of x (per point when left out); 0 with fewer than two points."""
    if len(y) < 2:
        return 0.0
    if x is None and len(y) <= MAX_POINTS:
        first, second = _pairs(len(y))
        return median(floats((y.take(second) - y.take(first)) / (second - first)))
    at = floats(np.arange(len(y))) if x is None else x
    at, y = thin(at), thin(y)
    first, second = _pairs(len(y))
    run = at[second] - at[first]
    kept = run != 0
    return median(floats((y[second] - y[first])[kept] / run[kept])) if kept.any() else 0.0


def mann_kendall(y: Floats) -> tuple[float, float]:
    """Trend test: Kendall's tau-a in [-1, 1] and the two-sided p of the normal approximation with ties.

    Neighbouring points of a training curve are correlated, so p is smaller than it should be; hand it bin means or
    evaluations rather than raw steps.
    """
    y = thin(y)
    n = len(y)
    if n < 3:
        return 0.0, 1.0
    first, second = _pairs(n)
    rises = y.take(second) - y.take(first)
    score = float(np.sign(rises).sum())
    tied = 0.0
    if np.count_nonzero(rises) < len(rises) or math.isnan(score):
        ties = np.unique(y, return_counts=True)[1].astype(np.float64)
        tied = float((ties * (ties - 1) * (2 * ties + 5)).sum())
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18
    tau = 2 * score / (n * (n - 1))
    if variance <= 0:
        return tau, 1.0
    z = (score - math.copysign(1, score)) / math.sqrt(variance) if score else 0.0
    return tau, math.erfc(abs(z) / math.sqrt(2))


def ema(values: Floats, span: float) -> Floats:
    """Exponential moving average with bias correction: the first value is itself; alpha = 2 / (span + 1)."""
    alpha = 2 / (span + 1)
    kept = 1 - alpha
    total = weight = 0.0
    means = []
    for value in values.tolist():
        total = kept * total + alpha * value
        weight = kept * weight + alpha
        means.append(total / weight)
    return np.array(means)


def noise(values: Floats) -> float:
    """Robust standard deviation of a series about its own slow course, from differences of neighbours."""
    if len(values) < 3:
        return 0.0
    return MAD_TO_SIGMA * median(np.abs(np.diff(values))) / math.sqrt(2)


def flip_rate(values: Floats) -> float:
    """Share of neighbouring differences that change sign: 2/3 for white noise, 0 for a monotone course."""
    signs = np.sign(np.diff(values))
    signs = signs[signs != 0]
    return float((signs[1:] != signs[:-1]).mean()) if len(signs) > 1 else 0.0


def share(mask: npt.NDArray[np.bool_]) -> float:
    """Share of true entries; 0 of nothing."""
    return float(mask.mean()) if len(mask) else 0.0


def binomial_margin(rate: float, trials: float, z: float = 3.3) -> float:
    """Half-width of the interval around an observed rate of so many trials; z = 3.3 is p = 1e-3, two-sided."""
    if trials <= 0:
        return 1.0
    pull = (rate * trials + 2) / (trials + 4)
    return z * math.sqrt(pull * (1 - pull) / (trials + 4))


def autocorrelation(values: Floats, lag: int) -> float:
    """Correlation of the series with itself `lag` points later; 0 where that is not defined."""
    if lag < 1 or len(values) < 2 * lag:
        return 0.0
    early, late = values[:-lag] - values[:-lag].mean(), values[lag:] - values[lag:].mean()
    scale = math.sqrt(float((early**2).sum()) * float((late**2).sum()))
    return float((early * late).sum()) / scale if scale > 0 else 0.0
