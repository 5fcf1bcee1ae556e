"""The panels of the lab screen and where they stand, in a large and in a small terminal."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from nnlab.ui.arrangements import Arrangement, Arrangements
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.journal import JournalPanel
from nnlab.ui.panels.knobs import KnobsPanel
from nnlab.ui.panels.layers import LayersPanel, height_for
from nnlab.ui.panels.tabs import ViewTabs
from nnlab.ui.retelling import Retelling
from nnlab.ui.screens.plotted import Plotted
from nnlab.ui.screens.third import ThirdPlace, seen
from nnlab.ui.session import Session
from nnlab.ui.views import diagnosis, journal, knobs, layers
from nnlab.wire.values import RunInfo

VIEWS = ("loss", "gradient", "third", "layers", "journal")
"""Ids of the panels that a small terminal shows one at a time; the third place has several views."""

THIRD = VIEWS.index("third")


class Body(Plotted):
    """Plots, layers and journal on the left; diagnosis and knobs on the right. Small: one view, and those two below."""

    DEFAULT_CSS = """
    Body { layout: horizontal; }
    Body #plots { width: 1fr; }
    Body #side { width: 38%; min-width: 40; max-width: 66; }
    Body #loss { height: 10fr; }
    Body #pair { height: 9fr; }
    Body #lower { height: 10; }
    Body #pair > *, Body #lower > * { width: 1fr; }
    Body #layers { width: 4fr; }
    Body #journal { width: 3fr; }
    Body DiagnosisPanel { height: 1fr; }
    Body KnobsPanel { height: auto; max-height: 44%; }
    Body #third > * { height: 100%; }
    Body ViewTabs { display: none; }

    Body.-compact { layout: vertical; }
    Body.-compact #plots { width: 100%; height: 1fr; }
    Body.-compact #side { layout: horizontal; width: 100%; max-width: 100%; height: 48%; min-height: 9; }
    Body.-compact ViewTabs { display: block; }
    Body.-compact .view, Body.-compact .row { display: none; }
    Body.-compact .view.-shown, Body.-compact .row.-shown { display: block; height: 1fr; }
    Body.-compact DiagnosisPanel { width: 1fr; height: 100%; }
    Body.-compact KnobsPanel { width: 1fr; height: 100%; max-height: 100%; }
    """

    compact: reactive[bool] = reactive(False, toggle_class="-compact")
    """Whether one view is shown at a time."""

    def __init__(self, arrangements: Arrangements) -> None:
        """`arrangements` say how the user likes it, and hear of it."""
        super().__init__()
        self._arrangements = arrangements
        self.third = ThirdPlace(self._plots[-1], id="third", classes="view")
        """The place of the views."""
        self._layers, self._journal = (
            LayersPanel(id="layers", classes="view"),
            JournalPanel(id="journal", classes="view"),
        )
        self._info: RunInfo | None = None
        self._retelling = Retelling()

    def compose(self) -> ComposeResult:
        """All panels, filled by `paint`."""
        with Vertical(id="plots"):
            yield ViewTabs()
            loss, gradient, _ = self._plots
            yield loss
            with Horizontal(id="pair", classes="row"):
                yield gradient
                yield self.third
            with Horizontal(id="lower", classes="row"):
                yield self._layers
                yield self._journal
        with Vertical(id="side"):
            yield DiagnosisPanel()
            yield KnobsPanel()

    def on_mount(self) -> None:
        """Begin with the loss."""
        self.show_view(0)

    def show_view(self, index: int) -> None:
        """In a small terminal show this one of `VIEWS`."""
        tabs = self.query_one(ViewTabs)
        tabs.shown = index % len(VIEWS)
        tabs.names = ("loss", "gradient", self.third.title, "layers", "journal")
        for name in VIEWS:
            panel = self.query_one(f"#{name}")
            panel.set_class(name == VIEWS[tabs.shown], "-shown")
        for row in self.query(".row"):
            row.set_class(any(child.has_class("-shown") for child in row.children), "-shown")

    def pick_view(self, index: int) -> None:
        """Show what the user has chosen, now and in later runs of the family."""
        self.show_view(index)
        if self._info is not None:
            tab = VIEWS[self.query_one(ViewTabs).shown]
            self._arrangements.keep(self._info.family, Arrangement(self.third.kept_as, tab))

    @property
    def main_view(self) -> Widget:
        """The panel that is meant where none has the focus."""
        return self.query_one(f"#{VIEWS[self.query_one(ViewTabs).shown if self.compact else 0]}")

    def turn_view(self, by: int) -> None:
        """The next or previous view: of the third place, and in a small terminal of all places in turn."""
        shown, third = self.query_one(ViewTabs).shown, self.third
        if self.compact and not (shown == THIRD and 0 <= third.shown + by < third.count):
            if shown + by == THIRD:
                third.choose(0 if by > 0 else third.count - 1)
            self.pick_view(shown + by)
        else:
            third.choose(third.shown + by)
            self.pick_view(shown)

    @property
    def shown_view(self) -> str:
        """Title of the view that can be seen in the third place; "" for a plot, or none."""
        return self.third.title if self.third.sight and seen(self.third.panel) else ""

    def show_third(self) -> None:
        """Bring the place of the views to the front where one place is shown at a time."""
        self.show_view(THIRD)

    def look_inside(self, session: Session, now: float, every: float) -> None:
        """Ask the engine for what the shown view is made of."""
        self.third.look_inside(session, self.cursor, now, every)

    def paint_answers(self, session: Session) -> None:
        """Give the panels at the side their part of the run."""
        if self._retelling.due(session, self.cursor):
            self.query_one(DiagnosisPanel).view = diagnosis.diagnosis(session, self.cursor)
        self.query_one(KnobsPanel).view = knobs.knobs(session, self.cursor)

    def next_chart(self) -> ChartPanel:
        """The same; a plot that nobody can see is brought to the front."""
        found = super().next_chart()
        if not seen(found):
            self.show_view(0)
        return found

    async def paint(self, session: Session, *, steady: bool = False) -> None:
        """Give every other panel that can be seen its part of the run; `steady`: moving lines only, numbers stay."""
        history = session.history
        if history is None:
            return
        if session.info is not self._info:
            await self._begin(history.info, recorded=session.recorded)
        self.paint_charts(session, steady=steady)
        if steady:
            return
        self.paint_tables(session)

    def paint_tables(self, session: Session) -> None:
        """Give views, layers and journal, where they can be seen, their part of the run."""
        history, look = session.history, self.cursor
        if history is None:
            return
        self.third.paint(session, look)
        found = session.diagnosis if look is None else session.past.at(look)
        if seen(self._layers):
            self._layers.view = layers.layers(history, found, look)
        if seen(self._journal):
            self._journal.view = journal.journal(history, session.diagnosis, tuple(session.answers.refusals), look)

    async def _begin(self, info: RunInfo, *, recorded: bool) -> None:
        """Choose the plot that fits another run."""
        self._info = info
        self.query_one("#lower").styles.height = height_for(len(info.layers))
        self.forget()
        await self.third.become(info, recorded=recorded)
        self.as_liked(self.query_one(ViewTabs).shown)

    def as_liked(self, tab: int) -> None:
        """Show everything as the user likes it; the usual view, and this tab, where they have not said."""
        family = self._info.family if self._info else ""
        liked = self._arrangements.of(family)
        self.third.choose_kept(liked.view)
        self.show_view(VIEWS.index(liked.tab) if liked.tab in VIEWS else tab)
        for panel in self._plots:
            panel.chart.style = self._arrangements.style(family, panel.plot.title)
