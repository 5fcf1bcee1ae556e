"""The line chart widget."""

from collections.abc import Sequence

from textual.widget import Widget

from nnlab.ui.charts.lines import Line, Mark

__all__ = ["Line", "LineChart", "Mark"]


class LineChart(Widget):
    """Lines over training steps, with marks where something happened."""

    def __init__(
        self,
        title: str,
        *,
        log_y: bool = False,
        unit: str = "",
        empty: str = "waiting for the first step",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)

    def show(
        self,
        lines: Sequence[Line],
        marks: Sequence[Mark] = (),
        planned: int = 0,
        step: int = 0,
        guides: Sequence[tuple[float, str]] = (),
    ) -> None:
        """Draw these lines; repaints the cells that changed and no others."""
