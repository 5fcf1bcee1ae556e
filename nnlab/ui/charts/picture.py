"""A widget for anything that can draw itself into a grid."""

from typing import Protocol

from textual.geometry import Size

from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid


class Drawing(Protocol):
    """A typed value with a picture of itself, at any size and in any set of characters."""

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """The picture as a grid of this size, a title in its first row."""
        ...


class Picture(CellWidget):
    """Shows one drawing after another, and repaints the cells in which they differ."""

    DEFAULT_CSS = """
    Picture { width: 1fr; height: 1fr; min-height: 3; }
    """
    drawing: Drawing | None = None

    def show(self, drawing: Drawing) -> None:
        """Draw this instead of what stands there."""
        self.drawing = drawing
        self.redraw()

    def compose_grid(self, size: Size) -> Grid:
        """The drawing at this size."""
        if self.drawing is None:
            return Grid(size.width, size.height)
        return self.drawing.draw(size.width, size.height, self.glyphs)
