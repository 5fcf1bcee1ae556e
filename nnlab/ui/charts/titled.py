"""A picture under a title row."""

from dataclasses import dataclass

from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.heading import heading
from nnlab.ui.charts.picture import Drawing


@dataclass(frozen=True, slots=True)
class Titled:
    """Title, note and aside over a picture that has no title of its own."""

    title: str
    note: str
    aside: str
    picture: Drawing

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """The title, then the picture in the rows below."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note, self.aside)
        if height > 2:
            grid.paste(2, 0, self.picture.draw(width, height - 2, glyphs))
        return grid
