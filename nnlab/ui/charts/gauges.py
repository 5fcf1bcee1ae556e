"""A list of numbers, each with its name, its course and what it means."""

from dataclasses import dataclass

from nnlab.ui.charts import inks
from nnlab.ui.charts.bars import sparkline
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten

NUMBER = 7


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number as text, the course it took, oldest first, and a word about it; `warn` draws attention by a sign."""

    label: str
    text: str
    course: tuple[float, ...] = ()
    word: str = ""
    warn: bool = False


@dataclass(frozen=True, slots=True)
class Gauges:
    """Gauges from the most telling to the least; those for which there is no row are left out."""

    rows: tuple[Gauge, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """A row each: sign, name, number, course, word."""
        grid = Grid(width, height)
        name = min(max((len(row.label) for row in self.rows), default=0), max(width - NUMBER - 4, 4))
        word = max((len(row.word) for row in self.rows), default=0)
        course = width - 2 - name - 1 - NUMBER - 1
        worded = course - word - 1 >= 5
        spark = min(course - word - 1, 24) if worded else min(course, 24)
        for y, row in enumerate(self.rows[:height]):
            ink = inks.ink("warn", "bold") if row.warn else inks.ink("text")
            if row.warn:
                grid.put(y, 0, glyphs.warn, ink)
            grid.put(y, 2, shorten(one_cell_each(row.label), name), ink)
            x = 2 + name + 1
            grid.put(y, x, f"{row.text:>{NUMBER}}", inks.ink("warn" if row.warn else "text", "bold"))
            grid.put(y, x + NUMBER + 1, _course(row, spark, glyphs), inks.ink("accent"))
            if worded:
                grid.put(y, x + NUMBER + 1 + spark + 1, one_cell_each(row.word), inks.ink("muted"))
        return grid


def _course(row: Gauge, width: int, glyphs: Glyphs) -> str:
    """The sparkline, no column of which reaches up to the one in the row above."""
    return sparkline(row.course, width, glyphs).replace(glyphs.spark[-1], glyphs.spark[-2])
