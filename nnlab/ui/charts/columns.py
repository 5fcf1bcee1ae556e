"""Histograms as columns of eighth blocks."""

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid

Floats = NDArray[np.float64]


def rebinned(counts: Floats, width: int) -> Floats:
    """Counts in equal bins, told in `width` equal bins over the same range; their sum stays."""
    total = np.concatenate(([0.0], np.cumsum(counts)))
    edges = np.linspace(0.0, len(counts), width + 1)
    return np.diff(np.interp(edges, np.arange(len(total)), total))


def heights(values: Floats) -> Floats:
    """Shares of the largest value, 0 … 1; all 0 where nothing is positive."""
    most = float(values.max()) if len(values) else 0.0
    return values / most if most > 0 else np.zeros(len(values))


def columns(grid: Grid, y: int, x: int, shares: Floats, rows: int, ink: int, glyphs: Glyphs) -> None:
    """Draw a column for each share (0 … 1) in `rows` rows from `y` down; what is not zero shows at least a trace."""
    steps = len(glyphs.level) - 1
    filled = np.ceil(np.clip(shares, 0.0, 1.0) * rows * steps - 1e-9).astype(int)
    for row in range(rows):
        levels = np.clip(filled - (rows - 1 - row) * steps, 0, steps)
        grid.put(y + row, x, "".join(glyphs.level[level] for level in levels), ink)
