"""Lines of text as a program wrote them, the newest at the bottom."""

import textwrap
from dataclasses import dataclass

from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each
from nnlab.ui.charts.heading import heading


@dataclass(frozen=True, slots=True)
class LogText:
    """The lines; those too long for a row go on in the next ones, indented, and words stay whole."""

    title: str
    note: str
    lines: tuple[str, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """As many of the last rows as there is room for."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note)
        rows: list[str] = []
        for line in self.lines[-height:]:
            cut = textwrap.wrap(one_cell_each(line), max(width, 3), subsequent_indent="  ", break_on_hyphens=False)
            rows += cut or [""]
        for y, row in enumerate(rows[-(height - 1) :], 1):
            grid.put(y, 0, row, inks.ink("text"))
        return grid
