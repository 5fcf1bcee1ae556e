"""The line chart widget."""

from collections.abc import Sequence
from dataclasses import replace

from textual.geometry import Size

from nnlab.ui.charts import axes, plot
from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.lines import Line, Mark
from nnlab.ui.charts.scene import Scene, extent, reduce

__all__ = ["Line", "LineChart", "Mark"]


class LineChart(CellWidget):
    """Lines over training steps, with marks where something happened.

    The x axis spans the planned steps and the y limits are held while they suit the data, so from one `show` to the
    next only the newest columns and the numbers in the title change, and only those cells are repainted. `limits` fixes
    the y axis (of an accuracy: 0 to 1).
    """

    DEFAULT_CSS = """
    LineChart { width: 1fr; height: 1fr; min-height: 5; min-width: 20; }
    """

    def __init__(
        self,
        title: str,
        *,
        log_y: bool = False,
        unit: str = "",
        empty: str = "waiting for the first step",
        limits: axes.Limits | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._scene = Scene(title, unit, log_y=log_y, empty=empty)
        self._fixed = limits
        self._held: axes.Limits | None = None

    def show(
        self,
        lines: Sequence[Line],
        marks: Sequence[Mark] = (),
        planned: int = 0,
        step: int = 0,
        guides: Sequence[tuple[float, str]] = (),
    ) -> None:
        """Draw these lines; repaints the cells that changed and no others.

        `planned` is the number of steps the run is meant to have (0: open-ended), `step` the number done. `guides` are
        horizontal reference lines: a value and its name.
        """
        self._scene = replace(
            self._scene,
            lines=tuple(lines),
            marks=tuple(marks),
            guides=tuple(guides),
            x_end=axes.x_end(planned, step),
            step=step,
        )
        self.redraw()

    @property
    def log_y(self) -> bool:
        """Whether the y axis is logarithmic; can be set at any time."""
        return self._scene.log_y

    @log_y.setter
    def log_y(self, value: bool) -> None:
        self._scene = replace(self._scene, log_y=value)
        self._held = None
        self.redraw()

    def compose_grid(self, size: Size) -> Grid:
        """The chart at this size."""
        across, _ = plot.body(size.width, size.height)
        columns = reduce(self._scene, across * self.glyphs.wide)
        seen = extent(columns)
        if seen is None:
            self._held = None
        elif self._fixed is None:
            self._held = axes.hold_limits(self._held, *seen)
        limits = None if seen is None else self._fixed or self._held
        return plot.draw(self._scene, columns, limits, (size.width, size.height), self.glyphs)
