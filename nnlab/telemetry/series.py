"""One measured quantity over the steps of a run, in memory that does not grow with the run.

The recent points are kept exactly, all points together in the overview. Arrays that are handed out are views: they
hold until the next `extend`.
"""

from typing import NamedTuple

import numpy as np

from nnlab.telemetry.pyramid import Floats, Ints, Pyramid

WINDOW = 16384
"""Points that are at least kept exactly."""

_FIRST = 256
"""Points for which room is made at first; doubled as needed up to twice the window."""


class Recent(NamedTuple):
    """Points in increasing step order: steps (int64) and values (float64)."""

    steps: Ints
    values: Floats


class Overview(NamedTuple):
    """The whole series in at most 4096 buckets of steps; NaN where a bucket has no finite value."""

    steps: Ints
    low: Floats
    high: Floats
    mean: Floats


class Series:
    """A growing column of points with strictly increasing steps; a second value for a step is ignored."""

    def __init__(self, name: str, unit: str = "") -> None:
        self.name = name
        self.unit = unit
        self._steps = np.empty(_FIRST, np.int64)
        self._values = np.empty(_FIRST)
        self._length = 0
        self._folded = 0
        self._older = Pyramid()
        self._broken: int | None = None
        self.count = 0
        """Points ever taken in."""

    def __len__(self) -> int:
        """Points in the exact window."""
        return self._length

    @property
    def steps(self) -> Ints:
        """Steps of the exact window."""
        return self._steps[: self._length]

    @property
    def values(self) -> Floats:
        """Values of the exact window."""
        return self._values[: self._length]

    @property
    def last(self) -> float:
        """The newest value. Raises IndexError on an empty series (a history has none)."""
        if not self._length:
            raise IndexError(f"{self.name} has no points")
        return float(self._values[self._length - 1])

    @property
    def last_step(self) -> int:
        """Step of the newest value; -1 on an empty series."""
        return int(self._steps[self._length - 1]) if self._length else -1

    def tail(self, count: int) -> Recent:
        """The newest `count` points, or as many as the window has."""
        start = max(0, self._length - max(0, count))
        return Recent(self._steps[start : self._length], self._values[start : self._length])

    def since(self, step: int) -> Recent:
        """The points of the window with steps ≥ step."""
        start = int(np.searchsorted(self.steps, step))
        return Recent(self._steps[start : self._length], self._values[start : self._length])

    def overview(self) -> Overview:
        """The whole series, newest points included."""
        self._fold()
        return Overview(*self._older.curve())

    def between(self, first: int, last: int) -> Overview:
        """What is known from step `first` to `last`, with a point more at either end where there is one.

        The points themselves where the exact window reaches back to `first`, else buckets of the overview.
        """
        if self._length and self._steps[0] <= first:
            steps, low, high = self.steps, self.values, self.values
            mean = np.where(np.isfinite(self.values), self.values, np.nan)
        else:
            steps, low, high, mean = self.overview()
        start = max(int(np.searchsorted(steps, first)) - 1, 0)
        part = slice(start, int(np.searchsorted(steps, last, side="right")) + 1)
        return Overview(steps[part], low[part], high[part], mean[part])

    def at(self, step: int) -> float | None:
        """The value measured at `step`, or else the last one before it; None if that was never.

        A step that the exact window has left gives the mean of its overview bucket, NaN if that has no finite value.
        """
        if self._length and self._steps[0] <= step:
            return float(self._values[int(np.searchsorted(self.steps, step, side="right")) - 1])
        steps, _, _, mean = self.overview()
        before = int(np.searchsorted(steps, step, side="right"))
        return float(mean[before - 1]) if before else None

    def nonfinite(self) -> tuple[Ints, Ints]:
        """First step of each overview bucket with NaN or infinite values, and how many it has.

        Of the first bucket it is the very step at which the series first was NaN or infinite.
        """
        self._fold()
        steps, counts = self._older.nonfinite()
        if self._broken is not None:
            steps[0] = self._broken
        return steps, counts

    def extend(self, steps: Ints, values: Floats) -> None:
        """Append points. Those at or before the last step are ignored (a step is measured once)."""
        if not len(steps):
            return
        if self._length and steps[0] <= self._steps[self._length - 1]:
            fresh = int(np.searchsorted(steps, self._steps[self._length - 1], side="right"))
            steps, values = steps[fresh:], values[fresh:]
        while len(steps):
            if self._length == 2 * WINDOW:
                self._forget()
            taken = min(len(steps), 2 * WINDOW - self._length)
            self._append(steps[:taken], values[:taken])
            steps, values = steps[taken:], values[taken:]

    def _append(self, steps: Ints, values: Floats) -> None:
        end = self._length + len(steps)
        if end > len(self._steps):
            spare = min(2 * WINDOW, max(end, 2 * len(self._steps))) - self._length
            self._steps = np.concatenate((self.steps, np.empty(spare, np.int64)))
            self._values = np.concatenate((self.values, np.empty(spare)))
        self._steps[self._length : end] = steps
        self._values[self._length : end] = values
        self._length = end
        self.count += len(steps)
        if self._broken is None and not (finite := np.isfinite(values)).all():
            self._broken = int(steps[int(np.argmin(finite))])

    def _forget(self) -> None:
        """Let the older half of the full room go, after the overview has it.

        This depends on how many points there were and not on how they came, so that a rule sees the same window live
        and in a replay.
        """
        self._fold()
        self._steps[:WINDOW] = self._steps[WINDOW:]
        self._values[:WINDOW] = self._values[WINDOW:]
        self._length = self._folded = WINDOW

    def _fold(self) -> None:
        """Bring the overview up to date; only the points that it does not have yet."""
        if self._folded < self._length:
            fresh = slice(self._folded, self._length)
            self._older.fold(self._steps[fresh], self._values[fresh])
            self._folded = self._length
