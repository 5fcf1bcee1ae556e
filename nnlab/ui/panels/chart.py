"""A plot of the lab screen: a line chart that can be focused, maximised and switched to a log axis."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import var

from nnlab.ui.charts.line_chart import LineChart
from nnlab.ui.views.plots import Plot, PlotView


class ChartPanel(Container, can_focus=True):
    """Draws the lines and marks of its view."""

    HELP = (
        "Values over training steps, each bucket of steps as its mean with the range behind it. Marks on the step axis "
        "say where a knob was turned, a finding began, data drifted or a phase changed; a gap and a mark show where a "
        "value was not a number."
    )
    DEFAULT_CSS = """
    ChartPanel { border-left: blank; padding: 0 1 0 0; }
    ChartPanel:focus { border-left: outer $lab-accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "log", "log axis", tooltip="Switch this plot between a linear and a logarithmic value axis."),
    ]
    ALLOW_MAXIMIZE = True

    view: var[PlotView] = var(PlotView(), init=False)

    def __init__(self, plot: Plot, *, id: str, classes: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.plot = plot

    def compose(self) -> ComposeResult:
        """The chart."""
        yield LineChart(self.plot.title, log_y=self.plot.log_y, unit=self.plot.unit)

    async def become(self, plot: Plot) -> None:
        """Draw another plot, as another run asks for."""
        if plot != self.plot:
            self.plot = plot
            await self.recompose()

    def watch_view(self, view: PlotView) -> None:
        """Hand the view to the chart, which repaints what changed."""
        for chart in self.query(LineChart):
            chart.show(view.lines, view.marks, view.planned, view.step)

    def action_log(self) -> None:
        """Switch the value axis."""
        chart = self.query_one(LineChart)
        chart.log_y = not chart.log_y
