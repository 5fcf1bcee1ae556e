"""Values over steps as shades: a row for each layer or task, a column for each stretch of steps."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts import inks, numbers
from nnlab.ui.charts.bars import BarColumn
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten_head
from nnlab.ui.charts.heading import heading

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LABEL, NUMBER = 14, 8
"""Cells of a row's name at most, and of the number at its end."""

BESIDE, GAP = 90, 3
"""Columns from which on blocks stand side by side where there is no room below, and those between them."""

TALLEST = 3
"""Rows of the screen that a row has at most."""

EMPTIEST = 1
"""Shade of the lowest value: what was measured stands out from what was not."""


@dataclass(frozen=True, slots=True, eq=False)
class HeatRow:
    """A series: `values` at `steps`, NaN where it was not finite; `text` is its present value in words."""

    label: str
    steps: Ints
    values: Floats
    text: str
    warn: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class HeatBlock:
    """Rows of one quantity; `column` holds its name and the values that are empty and full."""

    column: BarColumn
    rows: tuple[HeatRow, ...]
    role: str


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Blocks from the most telling to the least, over the steps 0 to `last`; `marks`: steps worth a tick."""

    title: str
    note: str
    blocks: tuple[HeatBlock, ...]
    last: int
    marks: tuple[int, ...] = ()

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """As many blocks as there is room for, the step axis below."""
        grid = Grid(width, height)
        room, y, shown = height - 2, 1, 0
        if width >= BESIDE and len(self.blocks) > 1 and sum(len(block.rows) + 1 for block in self.blocks) > room:
            half = (width - GAP) // 2
            right = replace(self, title="", note="", blocks=self.blocks[1::2])
            grid.paste(0, 0, replace(self, blocks=self.blocks[::2]).draw(half, height, glyphs))
            grid.paste(0, half + GAP, right.draw(half, height, glyphs))
            return grid
        label = min(max((len(row.label) for block in self.blocks for row in block.rows), default=0) + 3, LABEL)
        label = min(label, width // 3)
        across = max(width - label - NUMBER, 1)
        needed = sum(len(block.rows) for block in self.blocks)
        tall = max(min((room - len(self.blocks)) // max(needed, 1), TALLEST), 1)
        for block in self.blocks:
            need = tall * len(block.rows) + (len(self.blocks) > 1)
            if shown and need > room - (y - 1):
                break
            y = self._block(grid, y, block, (label, across, tall), height - 1, glyphs)
            shown += 1
        left = len(self.blocks) - shown
        heading(grid, self.title, f"{left} more if wider" if left else self.note)
        self._axis(grid, min(y, height - 1), label, across, glyphs)
        return grid

    def _block(self, grid: Grid, y: int, block: HeatBlock, at: tuple[int, int, int], end: int, glyphs: Glyphs) -> int:
        """Draw a block from row `y`, not beyond `end`; the row after it."""
        label, across, tall = at
        if len(self.blocks) > 1:
            low, high = numbers.compact(block.column.low), numbers.compact(block.column.high)
            scale = f"{low} … {high}" + (" log" if block.column.log else "")
            grid.put(y, 0, block.column.title, inks.ink(block.role, "bold"))
            grid.put(y, grid.width - len(scale), scale, inks.ink("muted"))
            y += 1
        fits = max((end - y) // tall, 0)
        shown = block.rows if len(block.rows) <= fits else block.rows[: max(fits - 1, 0)]
        for row in shown:
            if row.warn:
                grid.put(y, 0, glyphs.warn, inks.ink("warn", "bold"))
            name = shorten_head(one_cell_each(row.label), label - 3, glyphs.ellipsis)
            grid.put(y, 2, name, inks.ink("warn", "bold") if row.warn else inks.ink("text"))
            for part in range(tall):
                self._cells(grid, y + part, row, block, (label, across), glyphs)
            grid.put(y, label + across + 1, row.text[: NUMBER - 1], inks.ink("text"))
            y += tall
        if len(shown) < len(block.rows):
            grid.put(y, 2, f"and {len(block.rows) - len(shown)} more", inks.ink("muted"))
            y += 1
        return y

    def _cells(self, grid: Grid, y: int, row: HeatRow, block: HeatBlock, at: tuple[int, int], glyphs: Glyphs) -> None:
        label, across = at
        for x, value in enumerate(over_columns(row.steps, row.values, self.last, across)):
            if value is None:
                continue
            if math.isnan(value):
                grid.put(y, label + x, glyphs.broken, inks.ink("bad", "bold"))
                continue
            share = block.column.share(value)
            shade = EMPTIEST + round(share * (inks.DARKEST - EMPTIEST))
            back = inks.tone(block.role, shade)
            if glyphs.upper == " ":  # a terminal that may not have shades: density instead
                grid.put(y, label + x, glyphs.ramp[round(share * (len(glyphs.ramp) - 1))], inks.ink(block.role))
            else:
                grid.put(y, label + x, " ", inks.pair(back, back))

    def _axis(self, grid: Grid, y: int, label: int, across: int, glyphs: Glyphs) -> None:
        end = numbers.compact(float(self.last), 4)
        grid.put(y, max(label - 5, 0), "step", inks.ink("muted"))
        grid.put(y, label, "0", inks.ink("muted"))
        grid.put(y, label + across - len(end), end, inks.ink("muted"))
        for step in self.marks:
            x = label + min(int(step / max(self.last, 1) * across), across - 1)
            text = numbers.compact(float(step), 4)
            fits = grid.free(y, x, len(text) + 2)
            if fits or grid.free(y, x, 1):
                grid.put(y, x, glyphs.looked + (text if fits else ""), inks.ink("mark"))


def over_columns(steps: Ints, values: Floats, last: int, across: int) -> list[float | None]:
    """The newest value in each of `across` equal stretches of 0 … `last`; where none was measured the one before it.

    None before the first and after the newest reading; NaN where a reading was not finite.
    """
    if not len(steps):
        return [None] * across
    edges = (np.arange(across) + 1) / across * max(last, 1)
    places = np.searchsorted(steps, edges, side="right") - 1
    newest = min(int(steps[-1] / max(last, 1) * across), across - 1)
    return [float(values[place]) if place >= 0 and x <= newest else None for x, place in enumerate(places.tolist())]
