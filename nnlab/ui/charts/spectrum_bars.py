"""Singular values as columns, largest first: how many directions are used."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui import format as write
from nnlab.ui.charts import inks
from nnlab.ui.charts.columns import columns, heights
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.heading import heading

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SpectrumBars:
    """`values` [d], largest first, and the effective rank: the number of equal ones with the same entropy."""

    values: Floats
    effective_rank: float

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """A column for each value, relative to the largest; a mark at the effective rank."""
        grid = Grid(width, height)
        count = len(self.values)
        rank = write.number(self.effective_rank, 3)
        heading(grid, "spectrum", f"largest {write.number(float(self.values[0]), 3)}", f"rank {rank} of {count}")
        shares = heights(self.values)[np.arange(width) * count // width]
        columns(grid, 1, 0, shares, height - 2, inks.ink("s3"), glyphs)
        grid.put(height - 1, 0, glyphs.floor * width, inks.ink("border"))
        at = min(max(round(self.effective_rank / count * width) - 1, 0), width - 1)
        grid.put(height - 1, at, glyphs.looked, inks.ink("accent", "bold"))
        return grid
