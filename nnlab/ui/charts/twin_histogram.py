"""Two distributions over one axis, one above the other, each with its mean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui import format as write
from nnlab.ui.charts import inks
from nnlab.ui.charts.columns import columns, heights, rebinned
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each
from nnlab.ui.charts.heading import heading

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Counts in equal bins, their mean and standard deviation; `role` is the colour."""

    label: str
    counts: Floats
    mean: float
    std: float
    role: str


@dataclass(frozen=True, slots=True, eq=False)
class TwinHistogram:
    """`upper` and `lower` in the same bins from `low` to `high`."""

    title: str
    low: float
    high: float
    upper: Distribution
    lower: Distribution

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """Title, upper columns, axis, lower columns, axis; the mean of each is a mark below its columns."""
        grid = Grid(width, height)
        gap = self.upper.mean - self.lower.mean
        heading(grid, self.title, aside=f"gap {write.number(gap, 3)}")
        rows = max((height - 1) // 2, 1)
        for index, one in enumerate((self.upper, self.lower)):
            self._one(grid, 1 + index * rows, rows, one, glyphs)
        return grid

    def _one(self, grid: Grid, y: int, rows: int, one: Distribution, glyphs: Glyphs) -> None:
        ink, width = inks.ink(one.role), grid.width
        floor = y + rows - 1
        columns(grid, y, 0, heights(rebinned(one.counts, width)), rows - 1, ink, glyphs)
        grid.put(floor, 0, glyphs.floor * width, inks.ink("border"))
        share = (one.mean - self.low) / (self.high - self.low)
        if 0 <= share <= 1:
            grid.put(floor, min(round(share * (width - 1)), width - 1), glyphs.looked, inks.ink(one.role, "bold"))
        text = one_cell_each(f"{one.label} {write.number(one.mean, 3)} ± {write.number(one.std, 2)}")
        left = share > 0.5  # where the columns are not
        grid.put(y, 0 if left else width - len(text), text, inks.ink(one.role, "bold"))
        low, high = write.number(self.low, 2), write.number(self.high, 2)
        for x, label in ((0, low), (width - len(high), high)):
            if glyphs.looked not in "".join(map(chr, grid.codes[floor, x : x + len(label)])):
                grid.put(floor, x, label, inks.ink("muted"))
