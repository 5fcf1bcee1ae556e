"""What is usual in a stretch of a series, and how far a value is from it."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

UNUSUAL = 3.5
"""Robust deviations from the median, in the log domain, beyond which a value outside the range of most others
is an outlier (Iglewicz and Hoaglin 1993: modified z-scores above 3.5)."""
RARE = 0.1
"""Share of a stretch, at either end, that may be as far out and does not make it usual: one bad row an epoch."""
FEWEST = 8
"""Values below which nothing is called usual (FAILURE_MODES §1: the median of at least 8)."""
MAD_TO_SIGMA = 1.4826
STEADIEST = 0.05
"""Least deviation in the log domain: a change by less than a sixth is never unusual, however steady a series was."""
TINY = 1e-30


@dataclass(frozen=True, slots=True)
class Usual:
    """Median and range of most of a stretch, and its robust deviation in the log domain; NaN where it is too short."""

    median: float
    deviation: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Of the finite values."""
        finite = [value for value in values if math.isfinite(value)]
        if len(finite) < FEWEST:
            return cls(math.nan, math.nan, math.nan, math.nan)
        logs = [math.log(max(value, TINY)) for value in finite]
        middle = statistics.median(logs)
        spread = statistics.median(abs(value - middle) for value in logs)
        deviation = max(MAD_TO_SIGMA * spread, STEADIEST)
        finite.sort()
        rare = int(RARE * len(finite))
        return cls(statistics.median(finite), deviation, finite[rare], finite[-1 - rare])

    @property
    def known(self) -> bool:
        """Whether there was enough to tell."""
        return math.isfinite(self.median)

    def strength(self, value: float) -> float:
        """Deviations above the usual (below it: negative); infinite for what is not finite, 0 where it is unknown."""
        if not self.known:
            return 0.0
        if not math.isfinite(value):
            return math.inf
        return (math.log(max(value, TINY)) - math.log(max(self.median, TINY))) / self.deviation

    def left(self, value: float) -> bool:
        """Whether a value is out of the usual range, on either side."""
        return not self.low <= value <= self.high and self.far(value)

    def far(self, value: float) -> bool:
        """Whether a value is far from the median, though others may be too."""
        return abs(self.strength(value)) > UNUSUAL


def share(value: float, usual: float, whole: float) -> float:
    """Which part of the way from `usual` to `whole`, in the log domain, a value has gone; 1 for one that is not finite,
    0 where the way has no end."""
    if not math.isfinite(value):
        return 1.0
    if not math.isfinite(whole):
        return 0.0
    begin, end, at = (math.log(max(it, TINY)) for it in (usual, whole, value))
    return (at - begin) / (end - begin) if end != begin else 0.0
