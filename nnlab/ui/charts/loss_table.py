"""Examples and their losses, the largest first."""

from dataclasses import dataclass

from nnlab.ui import format as write
from nnlab.ui.charts import inks
from nnlab.ui.charts.bars import bar_text
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.charts.heading import heading

BAR, NUMBER, PLACE = 10, 7, 7


@dataclass(frozen=True, slots=True)
class Example:
    """A row of data: its place, its loss, what is true and what the model says, and the row in words."""

    place: int
    loss: float
    true: str
    predicted: str
    text: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class LossTable:
    """Examples with the largest loss first, under the names of their columns."""

    title: str
    note: str
    aside: str
    columns: tuple[str, str]
    rows: tuple[Example, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """A row each: place, bar, loss, true and predicted, the row in words as far as there is room."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note, self.aside)
        true = max(len(self.columns[0]), *(len(row.true) for row in self.rows)) + 2
        predicted = max(len(self.columns[1]), *(len(row.predicted) for row in self.rows)) + 2
        bar = BAR if width >= PLACE + BAR + NUMBER + true + predicted else 0
        at = PLACE + bar + bool(bar)
        for x, text in (
            (0, "row"),
            (at, "loss"),
            (at + NUMBER, self.columns[0]),
            (at + NUMBER + true, self.columns[1]),
        ):
            grid.put(1, x, text, inks.ink("muted"))
        most = max((row.loss for row in self.rows if row.loss < float("inf")), default=1.0) or 1.0
        for y, row in enumerate(self.rows[: height - 2], 2):
            grid.put(y, 0, f"{row.place}", inks.ink("muted"))
            finite = row.loss < float("inf")
            if bar:
                grid.put(y, PLACE, glyphs.floor * BAR, inks.ink("border", "faint"))
                grid.put(y, PLACE, bar_text(row.loss / most if finite else 1.0, BAR, glyphs), inks.ink("s1"))
            grid.put(y, at, write.number(row.loss, 3), inks.ink("text" if finite else "bad", "bold"))
            grid.put(y, at + NUMBER, one_cell_each(row.true), inks.ink("text"))
            sign = f"{row.predicted} {glyphs.broken}" if row.wrong else row.predicted
            grid.put(y, at + NUMBER + true, one_cell_each(sign), inks.ink("bad" if row.wrong else "text"))
            x = at + NUMBER + true + predicted + 1
            grid.put(y, x, shorten(one_cell_each(row.text), max(width - x, 0), glyphs.ellipsis), inks.ink("muted"))
        return grid
