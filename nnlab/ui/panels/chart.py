"""A plot of the lab screen: a line chart with keys to look at steps, zoom, smooth, choose its axis and its lines."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.reactive import var

from nnlab.ui.charts.line_chart import LineChart
from nnlab.ui.charts.sight import CursorMoved, RewindAsked, Styled, WindowMoved, moved, panned, zoomed
from nnlab.ui.views.plots import Plot, PlotView


class ChartPanel(Container, can_focus=True):
    """Draws the lines and marks of its view; asks for another cursor or window by message."""

    HELP = (
        "Values over training steps, each bucket of steps as its mean with the range behind it. Marks on the step axis "
        "say where a knob was turned (k), a finding began (!), data drifted (d), a phase changed (p), a guard stepped "
        "in (g); a gap and crosses show where a value was not a number. The cursor stands at the same step in all "
        "plots, and all panels then tell how things stood there; enter rewinds the run to it. A value axis "
        "turns logarithmic by itself where a spike would flatten everything else. Faint lines are other branches of "
        "the run, or what came after the step that it was rewound to. With the mouse: click or drag to "
        "look; the wheel zooms, with shift it pans; click a name in the legend to hide its line."
    )
    DEFAULT_CSS = """
    ChartPanel { border-left: blank; padding: 0 1 0 0; }
    ChartPanel:focus { border-left: outer $lab-accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "look(-1)", "look", key_display="← →", tooltip="Move the cursor by a column of the plot."),
        Binding("right", "look(1)", "look", show=False, tooltip="Move the cursor by a column of the plot."),
        Binding("shift+left", "look(-10)", "back", show=False, tooltip="Move the cursor by ten columns."),
        Binding("shift+right", "look(10)", "look", show=False, tooltip="Move the cursor by ten columns."),
        Binding("home", "look_first", "first", show=False, tooltip="Put the cursor on the first step in sight."),
        Binding(
            "end,escape", "look_last", "last", show=False, tooltip="Take the cursor away: the newest values again."
        ),
        Binding("enter", "rewind", "rewind here", tooltip="Let the run go back to the step that is looked at."),
        Binding("up", "zoom(0.5)", "zoom", key_display="↑ ↓", tooltip="Zoom in about the cursor."),
        Binding("down", "zoom(2.0)", "zoom out", show=False, tooltip="Zoom out."),
        Binding("comma", "pan(-0.25)", "pan", show=False, tooltip="Show earlier steps."),
        Binding("full_stop", "pan(0.25)", "pan", show=False, tooltip="Show later steps."),
        Binding("backspace", "whole", "all steps", tooltip="Show all steps, up to the last one planned."),
        Binding("l", "log", "log axis", tooltip="Switch this plot between a linear and a logarithmic value axis."),
        Binding("a", "smooth", "smooth", tooltip="Smooth over 1, 3, 10 % of the axis, or not at all."),
        Binding("h", "alone", "lines", tooltip="Show the first line alone, then the next, then all."),
    ]
    ALLOW_MAXIMIZE = True

    view: var[PlotView] = var(PlotView(), init=False)
    steady: var[bool] = var(False)
    """Whether the numbers in the title stay as they are with the next views."""

    def __init__(self, plot: Plot, *, id: str, classes: str = "") -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes or None)
        self.plot = plot
        self.chart = _chart(plot)
        """What it is drawn on."""
        self._aim: int | None = None
        """Where the cursor will stand once the keys pressed so far have been painted."""

    @property
    def topic(self) -> str:
        """What the plot is called."""
        return self.plot.title

    def compose(self) -> ComposeResult:
        """The chart."""
        yield self.chart

    async def become(self, plot: Plot) -> None:
        """Draw another plot, as another run asks for."""
        if plot != self.plot:
            self.plot, self.chart = plot, _chart(plot)
            await self.recompose()

    def watch_view(self, view: PlotView) -> None:
        """Hand the view to the chart, which repaints what changed."""
        self._aim = view.cursor
        if self.is_mounted:
            self.chart.show(
                view.lines,
                view.marks,
                view.planned,
                view.step,
                view.guides,
                window=view.window,
                cursor=view.cursor,
                steady=self.steady,
            )

    def stands(self, step: int) -> bool:
        """Whether lines that reach to `step` end where they are drawn to, for all that one could see."""
        return self.chart.dot_of(step) == self.chart.dot_of(self.view.step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False for what changes nothing at present."""
        if action in ("look_last", "rewind"):
            return self._aim is not None
        if action == "whole" or (action == "zoom" and parameters == (2.0,)) or action == "pan":
            return self.view.window is not None
        return len(self.view.lines) > 1 if action == "alone" else True

    def action_look(self, columns: int) -> None:
        """Move the cursor."""
        self._look_at(moved(self._aim, columns * self.chart.column_steps, self.view.step))

    def action_look_first(self) -> None:
        """Move the cursor to the left end."""
        self._look_at(self.chart.window.first)

    def action_look_last(self) -> None:
        """Take the cursor away."""
        self._look_at(None)

    def _look_at(self, step: int | None) -> None:
        self._aim = step
        self.post_message(CursorMoved(step))

    def action_rewind(self) -> None:
        """Ask for the step of the cursor to be gone back to."""
        if self._aim is not None:
            self.post_message(RewindAsked(self._aim))

    def action_zoom(self, factor: float) -> None:
        """Show fewer or more steps."""
        shown, newest = self.chart.window, self.view.step
        anchor = newest if self.view.cursor is None else self.view.cursor
        anchor = min(max(anchor, shown.first), shown.last)
        self.post_message(WindowMoved(zoomed(shown, factor, anchor, self.chart.whole, newest)))

    def action_pan(self, share: float) -> None:
        """Show earlier or later steps."""
        self.post_message(WindowMoved(panned(self.chart.window, share, self.chart.whole, self.view.step)))

    def action_whole(self) -> None:
        """Show all steps."""
        self.post_message(WindowMoved(None))

    def action_log(self) -> None:
        """Switch the value axis."""
        self.chart.log_y = not self.chart.log_y
        self.post_message(Styled(self.plot.title, self.chart.style))

    def action_smooth(self) -> None:
        """Smooth more, or not at all."""
        self.chart.next_smoothing()
        self.post_message(Styled(self.plot.title, self.chart.style))

    def action_alone(self) -> None:
        """Show one line, or all."""
        self.chart.next_alone()


def _chart(plot: Plot) -> LineChart:
    return LineChart(plot.title, scale=plot.scale, unit=plot.unit)
