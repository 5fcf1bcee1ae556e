"""A table of counts by true and predicted class, each row shaded by its shares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui import format as write
from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.charts.heading import heading

Floats = NDArray[np.float64]

LABEL, RECALL, LEAST = 12, 7, 3
"""Cells of a class name at most, of the recall at the right, and of a column at least."""

WIDEST, TALLEST = 14, 5
"""Columns and rows of a cell at most."""

FULLEST = 4
"""Shade of a cell that holds the whole row: the number in it can still be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """`counts` [C, C]: rows true, columns predicted; `names` of the classes."""

    title: str
    aside: str
    counts: Floats
    names: tuple[str, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """Predicted classes across, true ones down, recall at the right end; right answers stand in bold."""
        grid = Grid(width, height)
        right, total = round(float(np.trace(self.counts))), round(float(self.counts.sum()))
        heading(grid, self.title, f"{write.count(right)} of {write.count(total)} right", self.aside)
        classes = len(self.counts)
        names = [one_cell_each(self.names[k]) if k < len(self.names) else str(k) for k in range(classes)]
        label = min(max(len("true"), *(len(name) for name in names)), LABEL)
        across = (width - label - 1 - RECALL) // classes
        across, tall = min(across, WIDEST), max(min((height - 2) // classes, TALLEST), 1)
        if across < LEAST:
            grid.put(2, 0, shorten(f"{classes} classes need a wider panel (w)", width), inks.ink("muted"))
            return grid
        grid.put(1, 0, "true", inks.ink("muted"))
        for k, name in enumerate(names):
            text = shorten(name, across - 1)
            grid.put(1, label + 1 + k * across + (across - len(text)) // 2, text, inks.ink("muted"))
        grid.put(1, label + 2 + classes * across, "recall", inks.ink("muted"))
        for k in range(min(classes, (height - 2) // tall)):
            self._row(grid, k, (2 + k * tall, tall), (label + 1, across))
            middle = 2 + k * tall + (tall - 1) // 2
            grid.put(middle, 0, shorten(names[k], label), inks.ink("text"))
        return grid

    def _row(self, grid: Grid, k: int, at: tuple[int, int], columns: tuple[int, int]) -> None:
        (y, tall), (x, across) = at, columns
        row = self.counts[k]
        total = float(row.sum())
        shades = np.ceil(np.nan_to_num(row / max(total, 1.0)) * FULLEST).astype(int)
        middle = y + (tall - 1) // 2
        for j, count in enumerate(row.tolist()):
            hit = j == k
            back = inks.tone("good" if hit else "bad", int(shades[j]))
            for part in range(tall):
                grid.put(y + part, x + j * across, " " * across, inks.pair(back, back))
            text = write.short(count) if len(f"{count:.0f}") >= across else f"{count:.0f}"
            shown = f"[{text}]" if hit and len(text) + 2 <= across else text
            ink = inks.pair(inks.tone("text" if count else "muted"), back)
            grid.put(middle, x + j * across + (across - len(shown)) // 2, shown, ink)
        recall = write.percent(float(row[k]) / total) if total else "–"
        grid.put(middle, x + 1 + len(row) * across, recall, inks.ink("text", "bold"))
