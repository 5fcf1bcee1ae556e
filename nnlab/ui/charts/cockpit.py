"""Similarities, numbers, spectrum and projection of two towers, as many as there is room for."""

from dataclasses import dataclass

from nnlab.ui.charts.gauges import Gauges
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.heading import centred, heading
from nnlab.ui.charts.picture import Drawing

BESIDE = 56
"""Columns from which on two parts stand side by side."""

BELOW = 16
"""Rows from which on spectrum and projection stand below."""


@dataclass(frozen=True, slots=True, eq=False)
class Cockpit:
    """The parts; those that the engine has not answered, or cannot, are None, and `why` stands in their place."""

    title: str
    aside: str
    gauges: Gauges
    similarities: Drawing | None
    spectrum: Drawing | None
    projection: Drawing | None
    why: str

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """Similarities first; the numbers beside them, or below where it is narrow."""
        if self.why and not (self.similarities or self.spectrum or self.projection):
            return self._numbers_only(width, height, glyphs)
        grid = Grid(width, height)
        if width < BESIDE:
            low = min(len(self.gauges.rows), max(height - 8, 2))
            self._part(grid, self.similarities, (0, 0, width, height - low), glyphs)
            grid.paste(height - low, 0, self.gauges.draw(width, low, glyphs))
            return grid
        heading(grid, self.title, aside=self.aside)
        half, tall = (width - 3) // 2, height - 1
        if height < BELOW:
            self._part(grid, self.similarities, (1, 0, half, tall), glyphs)
            grid.paste(1, half + 3, self.gauges.draw(width - half - 3, tall, glyphs))
            return grid
        upper = max(min(tall // 2, 12), 7)
        right = width - half - 3
        numbers = min(len(self.gauges.rows) + 1, upper)
        self._part(grid, self.similarities, (1, 0, half, upper), glyphs)
        self._part(grid, self.spectrum, (1 + upper, 0, half, tall - upper), glyphs)
        grid.paste(1, half + 3, self.gauges.draw(right, numbers - 1, glyphs))
        self._part(grid, self.projection, (1 + numbers, half + 3, right, tall - numbers), glyphs)
        return grid

    def _numbers_only(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """The numbers, and under them why there is nothing else."""
        grid, told = Grid(width, height), len(self.gauges.rows) + 2
        heading(grid, self.title, aside=self.aside)
        grid.paste(1, 0, self.gauges.draw(width, max(min(height - 1, told - 2), 1), glyphs))
        self._part(grid, None, (told - 1, 0, width, max(height - told + 1, 1)), glyphs)
        return grid

    def _part(self, grid: Grid, part: Drawing | None, at: tuple[int, int, int, int], glyphs: Glyphs) -> None:
        """Draw a part at row, column, width and height."""
        y, x, width, height = at
        if part is None:
            empty = Grid(width, height)
            centred(empty, self.why)
            grid.paste(y, x, empty)
        else:
            grid.paste(y, x, part.draw(width, height, glyphs))
