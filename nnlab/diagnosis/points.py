"""A window of one series, and the trend in it."""

import functools
import math

import numpy as np

from nnlab.diagnosis import stats
from nnlab.diagnosis.stats import Floats
from nnlab.telemetry.pyramid import Ints

TREND_BINS = 24
"""Bin means that enter a trend test: enough for p < 1e-3, few enough to decorrelate neighbours."""


class Points:
    """Points of one series in a window; `steps` and `values` are aligned."""

    def __init__(self, steps: Ints, values: Floats) -> None:
        self.steps = steps
        self.values = values
        self._kept: Points | None = None
        self._whole = False

    def __len__(self) -> int:
        return len(self.values)

    @property
    def last(self) -> float:
        """Newest value; NaN of nothing."""
        return float(self.values[-1]) if len(self.values) else math.nan

    def tail(self, count: int) -> Floats:
        """The newest `count` values."""
        return self.values[-count:]

    def finite(self) -> "Points":
        """Without NaN and ±inf."""
        if self._kept is None and not self._whole:
            kept = np.isfinite(self.values)
            self._whole = bool(np.logical_and.reduce(kept))
            self._kept = None if self._whole else Points(self.steps[kept], self.values[kept])
        return self if self._kept is None else self._kept

    def since(self, step: int) -> "Points":
        """Points at or after `step`."""
        first = int(self.steps.searchsorted(step))
        return Points(self.steps[first:], self.values[first:])


@functools.lru_cache(maxsize=16)
def _course(logs: bytes) -> tuple[float, float, float]:
    """Relative change, tau and p of float64 bin means. Kept, as the same window is judged at several looks."""
    values = np.frombuffer(logs)
    change = math.expm1(min(50.0, stats.theil_sen(values) * max(0, len(values) - 1)))
    return (change, *stats.mann_kendall(values))


NOTHING = Points(np.empty(0, np.int64), np.empty(0))


class Trend:
    """The course of a positive series over a window, in logarithms of bin means.

    `change` is the total relative change by the Theil–Sen line (−0.1: fell by a tenth), `p` Mann–Kendall's.
    """

    def __init__(self, points: Points) -> None:
        points = points.finite()
        self.count = len(points)
        self.first_step = int(points.steps[0]) if self.count else 0
        self.last_step = int(points.steps[-1]) if self.count else 0
        logs = np.log(np.maximum(stats.bin_means(points.values, TREND_BINS), 1e-30))
        self.bins = len(logs)
        self.change, self.tau, self.p = _course(logs.tobytes())

    @property
    def steps(self) -> int:
        """Length of the window."""
        return self.last_step - self.first_step
