"""Lines of text as a program wrote them, the newest at the bottom."""

from dataclasses import dataclass

from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each
from nnlab.ui.charts.heading import heading


@dataclass(frozen=True, slots=True)
class LogText:
    """The lines; those too long for a row go on in the next ones."""

    title: str
    note: str
    lines: tuple[str, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """As many of the last rows as there is room for."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note)
        rows: list[str] = []
        for line in self.lines[-height:]:
            text = one_cell_each(line) or " "
            rows += [text[start : start + width] for start in range(0, len(text), max(width, 1))]
        for y, row in enumerate(rows[-(height - 1) :], 1):
            grid.put(y, 0, row, inks.ink("text"))
        return grid
