"""A widget that paints a grid, and repaints only what changed in it."""

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from nnlab.ui.charts.glyphs import Glyphs, detect
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.inks import Inks


class CellWidget(Widget):
    """Base of the charts: a subclass says how to `compose_grid`, and calls `redraw` when its content changed."""

    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.glyphs: Glyphs = detect()
        self._grid = Grid(0, 0)
        self._inks: Inks | None = None

    def compose_grid(self, size: Size) -> Grid:
        """The whole content as a grid of this size."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Compose the grid anew and repaint the cells that changed; does nothing while hidden."""
        size = self.size
        if not size or not self._is_shown():
            return
        before, self._grid = self._grid, self.compose_grid(size)
        if (before.width, before.height) != (size.width, size.height):
            self.refresh()
        elif regions := self._grid.changes(before):
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """A row of the grid."""
        if self._inks is None:
            self._inks = Inks(self.app.theme_variables, self.background_colors[1])
        if y >= self._grid.height or self._grid.width != self.size.width:
            return Strip.blank(self.size.width, self._inks.blank)
        return self._grid.strip(y, self._inks)

    def on_resize(self, event: events.Resize) -> None:
        """Everything is drawn for one size."""
        self.redraw()

    def on_show(self, event: events.Show) -> None:
        """Nothing was drawn while hidden."""
        self.redraw()

    def notify_style_update(self) -> None:
        """The theme or the background changed: the grid stays, its colours do not."""
        super().notify_style_update()
        self._inks = None
        self.refresh()

    def _is_shown(self) -> bool:
        return all(node.display for node in self.ancestors_with_self if isinstance(node, Widget))
