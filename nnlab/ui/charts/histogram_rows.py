"""Histograms one below the other, a name and numbers beside each."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui import format as write
from nnlab.ui.charts import inks
from nnlab.ui.charts.columns import columns, heights, rebinned
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten_head
from nnlab.ui.charts.heading import heading

Floats = NDArray[np.float64]

LEAST_LABEL, LABEL = 8, 16
"""Cells of a name with its spread, at least and at most."""

END = 7
"""Cells for the lower and for the upper bound."""

TALLEST = 5
"""Rows of a histogram at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """`counts` in equal bins from `low` to `high`; mean and standard deviation; how many values were not finite."""

    label: str
    low: float
    high: float
    counts: Floats
    mean: float
    std: float
    nonfinite: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class HistogramRows:
    """Histograms of the layers, the first on top; those for which there is no room are counted."""

    title: str
    aside: str
    rows: tuple[Histogram, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """As many rows for each as there is room; mean and spread below the name where it has two."""
        grid = Grid(width, height)
        heading(grid, self.title, "", self.aside)
        room = height - 1
        tall = max(min(room // max(len(self.rows), 1), TALLEST), 1)
        fits = room // tall
        shown = self.rows if len(self.rows) <= fits else self.rows[: max(fits - 1, 0)]
        for place, row in enumerate(shown):
            self._row(grid, 1 + place * tall, tall, row, glyphs)
        if len(shown) < len(self.rows):
            grid.put(1 + len(shown) * tall, 2, f"and {len(self.rows) - len(shown)} more", inks.ink("muted"))
        return grid

    def _row(self, grid: Grid, y: int, tall: int, row: Histogram, glyphs: Glyphs) -> None:
        longest = max(len(each.label) for each in self.rows) + 1
        label = min(max(longest, LEAST_LABEL), LABEL, max(grid.width // 3, LEAST_LABEL))
        grid.put(y, 0, shorten_head(one_cell_each(row.label), label - 1, glyphs.ellipsis), inks.ink("text"))
        if tall > 1:
            broken = f"{row.nonfinite} NaN/∞" if row.nonfinite else ""
            spread = f"± {write.number(row.std, 2)}" if math.isfinite(row.std) else ""
            text, ink = (broken, inks.ink("bad", "bold")) if broken else (spread, inks.ink("muted"))
            grid.put(y + 1, 0, text[: label - 1], ink)
        x, wide = label + END, max(grid.width - label - 2 * END, 1)
        used = tall - 1 if tall > 2 else tall  # a blank row between tall ones
        columns(grid, y, x, heights(rebinned(row.counts, wide)), used, inks.ink("s1"), glyphs)
        low, high = write.number(row.low, 2), write.number(row.high, 2)
        grid.put(y + used - 1, x - 1 - len(low), low, inks.ink("muted"))
        grid.put(y + used - 1, x + wide + 1, high, inks.ink("muted"))
        if row.low <= 0 <= row.high and used > 0:
            at = x + min(round(-row.low / (row.high - row.low) * wide), wide - 1)
            if tall > 2:
                grid.put(y + used, at, "0", inks.ink("muted"))
