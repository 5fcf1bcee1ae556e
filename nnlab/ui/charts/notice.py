"""A picture that is words: why there is nothing to see."""

from dataclasses import dataclass

from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.heading import centred, heading


@dataclass(frozen=True, slots=True)
class Notice:
    """A title and a sentence."""

    title: str
    text: str

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """The sentence in the middle, under the title."""
        grid = Grid(width, height)
        heading(grid, self.title)
        centred(grid, self.text)
        return grid
