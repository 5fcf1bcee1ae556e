"""A table of values per row with bars, for values per layer; and sparklines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from textual.geometry import Size

from nnlab.ui.charts import inks, numbers
from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.glyphs import BRAILLE, Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten, shorten_head

NUMBER = 7
"""Cells for a number: six and a sign."""

SHORTEST = 3
"""Cells of the shortest bar; with less room the number stands alone, under its title."""

LABEL = 20
"""Cells a label has at most."""

MARGIN = 3
"""Cells of the sign before a label and of the gap after it."""

COLUMN_ROLES = ("s1", "s2", "s3", "s4", "s5", "s6")


@dataclass(frozen=True, slots=True)
class BarColumn:
    """A column: its title and the values at which its bars are empty (`low`) and full (`high`); `log`: log10 scale;
    `short`: the title where there is no room for it."""

    title: str
    low: float
    high: float
    log: bool = False
    short: str = ""

    def share(self, value: float) -> float:
        """How full the bar of a value is, 0 to 1."""
        if math.isnan(value) or (self.log and value <= 0):
            return 0.0
        if math.isinf(value):
            return 1.0 if value > 0 else 0.0
        low, high, at = self.low, self.high, value
        if self.log:
            low, high, at = math.log10(low), math.log10(high), math.log10(value)
        return min(max((at - low) / (high - low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row: one value per column (None: not measured); `warn` draws attention to it."""

    label: str
    values: tuple[float | None, ...]
    warn: bool = False


class BarTable(CellWidget):
    """Rows of label, bars and numbers under column titles.

    A row with `warn` carries a sign before its label besides its colour. Rows beyond the height are counted in the last
    line.
    """

    DEFAULT_CSS = """
    BarTable { width: 1fr; height: 1fr; min-height: 2; min-width: 20; }
    """

    def __init__(
        self,
        title: str = "",
        *,
        empty: str = "nothing measured yet",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title, self._empty = one_cell_each(title), empty
        self._rows: tuple[BarRow, ...] = ()
        self._columns: tuple[BarColumn, ...] = ()

    def show(self, rows: Sequence[BarRow], columns: Sequence[BarColumn]) -> None:
        """Draw these rows; repaints the cells that changed and no others."""
        self._rows, self._columns = tuple(rows), tuple(columns)
        self.redraw()

    def compose_grid(self, size: Size) -> Grid:
        """The table at this size."""
        grid = Grid(size.width, size.height)
        grid.put(0, 0, self._title, inks.ink("text", "bold"))
        if not self._rows or not self._columns:
            text = shorten(self._empty, size.width)
            grid.put(max(size.height // 2, 1), (size.width - len(text)) // 2, text, inks.ink("muted"))
            return grid
        spare = size.width - len(self._columns) * (NUMBER + 1) - MARGIN
        longest = max(len(self._title) - 1, *(len(row.label) for row in self._rows))
        label = min(longest, LABEL, max(spare, size.width // 3)) + MARGIN
        across = (size.width - label) // len(self._columns)
        for index, column in enumerate(self._columns):
            title = column.title if len(column.title) < across else column.short or column.title
            title = shorten(one_cell_each(title), across - 1)
            grid.put(0, label + index * across, title, inks.ink("muted"))
        room = size.height - 1
        shown = self._rows if len(self._rows) <= room else self._rows[: max(room - 1, 0)]
        for y, row in enumerate(shown, 1):
            self._row(grid, y, row, label, across)
        if len(shown) < len(self._rows):
            grid.put(size.height - 1, 2, f"and {len(self._rows) - len(shown)} more", inks.ink("muted"))
        return grid

    def _row(self, grid: Grid, y: int, row: BarRow, label: int, across: int) -> None:
        if row.warn:
            grid.put(y, 0, self.glyphs.warn, inks.ink("warn", "bold"))
        name = shorten_head(one_cell_each(row.label), label - MARGIN, self.glyphs.ellipsis)
        grid.put(y, 2, name, inks.ink("warn", "bold") if row.warn else inks.ink("text"))
        for index, (column, value) in enumerate(zip(self._columns, row.values, strict=False)):
            x = label + index * across
            bar = across - NUMBER - 2
            beside = x + bar + 1 if bar >= SHORTEST else x
            if value is None:
                grid.put(y, beside, f"{'–':<{NUMBER}}", inks.ink("muted", "faint"))
                continue
            finite = math.isfinite(value)
            role = COLUMN_ROLES[index % len(COLUMN_ROLES)] if finite else "bad"
            if bar >= SHORTEST:
                filled = bar_text(column.share(value), bar, self.glyphs)
                grid.put(y, x, self.glyphs.floor * bar, inks.ink("border", "faint"))
                grid.put(y, x, filled, inks.ink(role))
            number = f"{numbers.steady(value):<{NUMBER}}"
            grid.put(y, beside, number, inks.ink("text" if finite else "bad"))


def bar_text(share: float, width: int, glyphs: Glyphs = BRAILLE) -> str:
    """A bar filled to a share of `width` cells, to half a cell; without trailing blanks."""
    parts = len(glyphs.bar) - 1
    filled = round(share * width * parts)
    rest = glyphs.bar[filled % parts] if filled % parts else ""
    return glyphs.bar[-1] * (filled // parts) + rest


def sparkline(values: Sequence[float], width: int, glyphs: Glyphs = BRAILLE) -> str:
    """The values, oldest first, as a line of eighth blocks of at most `width` characters.

    More values than characters are averaged in groups; a value that is not finite is drawn as a cross.
    """
    array = np.asarray(values, dtype=np.float64)
    if not len(array) or width < 1:
        return ""
    with np.errstate(invalid="ignore", over="ignore"):
        means = np.array([group.mean() for group in np.array_split(array, min(width, len(array)))])
    finite = np.isfinite(means)
    if not finite.any():
        return glyphs.broken * len(means)
    low, high = float(means[finite].min()), float(means[finite].max())
    column = BarColumn("", low, high)
    steps = len(glyphs.spark) - 1
    if not low < high or not math.isfinite(high - low):
        return "".join(glyphs.spark[steps // 2] if ok else glyphs.broken for ok in finite)
    return "".join(
        glyphs.spark[round(column.share(float(mean)) * steps)] if math.isfinite(mean) else glyphs.broken
        for mean in means
    )
