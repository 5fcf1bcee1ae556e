"""The whole of a series in bounded memory: buckets of min, max and mean over aligned stretches of steps.

A bucket covers `width` steps, a power of two, and begins at a multiple of it, so that what is drawn does not shiver
while a run grows. When a step no longer fits into the buckets the width doubles and neighbours are merged. Points are
folded in one by one in effect: the result is the same, bit for bit, however they were cut into frames.
"""

import numpy as np
import numpy.typing as npt

BUCKETS = 4096

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Pyramid:
    """Buckets over steps ≥ 0 in increasing order. Non-finite values are counted, not averaged."""

    def __init__(self) -> None:
        self._shift = 0
        self._used = 0
        self._low = np.full(BUCKETS, np.inf)
        self._high = np.full(BUCKETS, -np.inf)
        self._sum = np.zeros(BUCKETS)
        self._finite = np.zeros(BUCKETS, np.int64)
        self._broken = np.zeros(BUCKETS, np.int64)

    @property
    def width(self) -> int:
        """Steps per bucket."""
        return 1 << self._shift

    def fold(self, steps: Ints, values: Floats) -> None:
        """Take in points; steps must go on where the last call ended."""
        while len(steps):
            fitting = int(np.searchsorted(steps, BUCKETS << self._shift))
            if fitting:
                self._add(steps[:fitting] >> self._shift, values[:fitting])
                steps, values = steps[fitting:], values[fitting:]
            else:
                self._widen()

    def curve(self) -> tuple[Ints, Floats, Floats, Floats]:
        """First step, lowest, highest and mean finite value of each bucket with points; NaN where none is finite."""
        finite = self._finite[: self._used]
        (kept,) = np.nonzero(finite + self._broken[: self._used])
        some = finite[kept] > 0
        with np.errstate(invalid="ignore"):
            mean = self._sum[kept] / np.maximum(finite[kept], 1)
        low, high = np.where(some, self._low[kept], np.nan), np.where(some, self._high[kept], np.nan)
        return kept << self._shift, low, high, np.clip(np.where(some, mean, np.nan), low, high)

    def nonfinite(self) -> tuple[Ints, Ints]:
        """First step of each bucket with NaN or infinite values, and how many it has."""
        (kept,) = np.nonzero(self._broken[: self._used])
        return kept << self._shift, self._broken[kept]

    def _add(self, buckets: Ints, values: Floats) -> None:
        self._used = max(self._used, int(buckets[-1]) + 1)
        finite = np.isfinite(values)
        if not finite.all():
            np.add.at(self._broken, buckets[~finite], 1)
            buckets, values = buckets[finite], values[finite]
        if not len(values):
            return
        (starts,) = np.nonzero(np.diff(buckets, prepend=-1))
        touched = buckets[starts]
        self._low[touched] = np.minimum(self._low[touched], np.minimum.reduceat(values, starts))
        self._high[touched] = np.maximum(self._high[touched], np.maximum.reduceat(values, starts))
        self._finite[touched] += np.diff(starts, append=len(values))
        with np.errstate(over="ignore", invalid="ignore"):
            np.add.at(self._sum, buckets, values)  # one by one, so that the rounding does not depend on the framing

    def _widen(self) -> None:
        """Double the width of the buckets."""
        half = BUCKETS // 2
        with np.errstate(over="ignore", invalid="ignore"):
            _merge(self._sum, self._sum[0::2] + self._sum[1::2], 0.0)
        _merge(self._low, np.minimum(self._low[0::2], self._low[1::2]), np.inf)
        _merge(self._high, np.maximum(self._high[0::2], self._high[1::2]), -np.inf)
        for counts in (self._finite, self._broken):
            counts[:half] = counts[0::2] + counts[1::2]
            counts[half:] = 0
        self._used = (self._used + 1) // 2
        self._shift += 1


def _merge(array: Floats, merged: Floats, empty: float) -> None:
    array[: len(merged)] = merged
    array[len(merged) :] = empty
