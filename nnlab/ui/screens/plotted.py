"""The plots of the lab screen: which steps and branches they show, and what is drawn in them."""

from textual.containers import Container
from textual.reactive import var

from nnlab.ui.charts.cells import CellWidget
from nnlab.ui.charts.sight import CursorMoved, Window, WindowMoved, brought_in
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.screens.third import seen
from nnlab.ui.session import Session
from nnlab.ui.views import branches, ghost, plots
from nnlab.ui.views.overlay import Overlay, with_overlays


class Plotted(Container):
    """Has the plots, which look at the same step and show the same steps."""

    cursor: var[int | None] = var(None)
    """The step that is looked at in all plots; None: the newest."""

    window: var[Window | None] = var(None)
    """The steps that all plots show; None: all."""

    def __init__(self) -> None:
        super().__init__()
        self._plots = (
            ChartPanel(plots.LOSS, id="loss", classes="view"),
            ChartPanel(plots.GRADIENT, id="gradient", classes="view"),
            ChartPanel(plots.ACCURACY, id="plot"),
        )
        self._chosen: dict[int, bool] = {}
        self.overlays: tuple[Overlay, ...] = ()
        """Recorded runs that are drawn behind."""

    def on_cursor_moved(self, message: CursorMoved) -> None:
        """Look at another step, in all plots; the screen paints them."""
        self.cursor = message.step
        if message.step is not None:
            self.window = brought_in(self.window, message.step, self._plots[0].chart.whole)

    def on_window_moved(self, message: WindowMoved) -> None:
        """Show other steps, in all plots; the screen paints them."""
        self.window = message.window

    @property
    def reach(self) -> int:
        """Steps that a column of the plots stands for."""
        return self._plots[0].chart.column_steps

    def forget(self) -> None:
        """Another run: nothing of it is looked at or chosen yet."""
        self.cursor = self.window = None
        self._chosen.clear()

    def drawn(self, session: Session) -> frozenset[int]:
        """The branches that are drawn behind the present line: the usual ones, but for those the user chose about."""
        usual = branches.drawn_by_default(session)
        return (usual - self._chosen.keys()) | {branch for branch, drawn in self._chosen.items() if drawn}

    def toggle_branch(self, session: Session, branch: int) -> None:
        """Draw a branch that is not drawn, and no longer draw one that is."""
        self._chosen[branch] = branch not in self.drawn(session)
        self.paint_charts(session)

    @property
    def charts(self) -> tuple[CellWidget, ...]:
        """What the plots are drawn on."""
        return tuple(panel.chart for panel in self._plots)

    def next_chart(self) -> ChartPanel:
        """The plot after the one with the focus, among those that can be seen; the loss if there is none."""
        shown = [chart for chart in self._plots if seen(chart)]
        if not shown:
            return self._plots[0]
        return shown[(shown.index(self.screen.focused) + 1) % len(shown) if self.screen.focused in shown else 0]

    def paint_charts(self, session: Session, *, steady: bool = False) -> None:
        """Give every plot that can be seen its part of the run; `steady`: the numbers in their titles may stay."""
        if session.history is None:
            return
        marks, drawn = plots.marks(session.history, session.diagnosis), self.drawn(session)
        twin = ghost.ghost(session.history, session.twins.present)
        for chart in self._plots:
            if seen(chart) and not (steady and chart.stands(session.history.step)):
                chart.steady = steady
                view = plots.plot_view(chart.plot, session.history, marks, self.window, self.cursor, drawn, twin)
                chart.view = with_overlays(view, chart.plot, self.overlays)
