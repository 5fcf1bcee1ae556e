"""The third place of the lab screen: the plot that fits the run, or one of the views of it."""

from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from nnlab.ui.inspections import RESTLESS
from nnlab.ui.lookback import Lookback, Spot
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.view import ViewPanel
from nnlab.ui.session import Session
from nnlab.ui.views import plots
from nnlab.ui.views.sight import Known, Sight
from nnlab.ui.views.sights import sights
from nnlab.wire.values import RunInfo


class ThirdPlace(Container):
    """Shows one of several panels; enlarged, it stays so while they change."""

    ALLOW_MAXIMIZE = True

    def __init__(self, chart: ChartPanel, *, id: str, classes: str) -> None:  # noqa: A002 - Textual's own name
        """`chart` draws the plot."""
        super().__init__(id=id, classes=classes)
        self._chart = chart
        self.panel = ViewPanel()
        """Where views are drawn."""
        self._sights: tuple[Sight | None, ...] = (None,)
        self.shown = 0
        """Which of the views."""
        self._lookback = Lookback()
        self._drawn: Sight | None = None
        """The view of which a picture stands there."""
        self._overdue: Spot | None = None

    def compose(self) -> ComposeResult:
        """The plot and the view, one of which is displayed."""
        yield self._chart
        yield self.panel

    async def become(self, info: RunInfo, *, recorded: bool) -> None:
        """Have what fits another run, or a recording of one."""
        self._sights, self.shown, self._drawn = sights(info, recorded=recorded), 0, None
        await self._chart.become(plots.third_plot(info))

    @property
    def count(self) -> int:
        """How many views there are, the plot among them."""
        return len(self._sights)

    @property
    def sight(self) -> Sight | None:
        """The present view; None for the plot."""
        return self._sights[self.shown]

    @property
    def title(self) -> str:
        """What is shown."""
        return self.sight.title if self.sight else self._chart.plot.title

    @property
    def kept_as(self) -> str:
        """What the present view is kept as; the plot by no title of its own, for it changes with the run."""
        return _kept_as(self.sight)

    def choose(self, index: int) -> None:
        """Show this view."""
        self.shown = index % len(self._sights)
        sight = self.sight
        self._chart.display = sight is None
        self.panel.display = sight is not None
        self.panel.topic, self.panel.about = (sight.title, sight.about) if sight else ("", "")

    def choose_kept(self, name: str) -> None:
        """Show the view that was kept under this name; the usual one where there is none."""
        names = [_kept_as(sight) for sight in self._sights]
        self.choose(names.index(name) if name in names else 0)

    def look_inside(self, session: Session, cursor: int | None, now: float, every: float) -> None:
        """Ask for what the present view is made of, of the run or, at a cursor, of a copy of it; nothing is asked for
        a view that nobody sees.
        """
        before = self._lookback.missing, self._overdue
        news, self._overdue = self._lookback.advance(now), self._lookback.overdue(now)
        self._look(session, cursor, now, every)
        news |= before != (self._lookback.missing, self._overdue)
        if self._drawn is not self.sight or (news and cursor is not None):
            self.paint(session, cursor)

    def _look(self, session: Session, cursor: int | None, now: float, every: float) -> None:
        sight = self.sight
        if sight is None or not seen(self.panel):
            return
        kinds = sight.kinds(*self.panel.content_size)
        if cursor is None or _of_now(sight):
            session.look_inside(kinds, now, max(every, sight.every))
        elif session.info is not None:
            self._lookback.look(session.info, _spot(session, cursor), kinds, now)

    def paint(self, session: Session, cursor: int | None) -> None:
        """Draw the present view, if it can be seen: of the newest step, or of that at the cursor.

        From one step to the next a picture, which names its own, stands until the other can be drawn or is overdue.
        """
        sight, history = self.sight, session.history
        if sight is None or history is None or not seen(self.panel):
            return
        if cursor is None or _of_now(sight):
            known = Known(history, session.diagnosis, session.inspections.answers, session.around, cursor)
        else:
            spot, missing = _spot(session, cursor), self._lookback.missing
            answers = self._lookback.answers(spot)
            if sight.needs and not (answers or missing or self._overdue == spot) and self._drawn is sight:
                return
            found = session.past.at(cursor)
            known = Known(history, found, answers, session.around, cursor, missing)
        self.panel.view, self._drawn = sight.draw(known), sight

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._lookback.close()


def seen(panel: Widget) -> bool:
    """Whether any of the panel is on the screen: not behind a tab, not hidden by a maximised panel."""
    return panel.is_on_screen and panel.size.area > 0


def _kept_as(sight: Sight | None) -> str:
    return sight.title if sight else "plot"


def _of_now(sight: Sight) -> bool:
    """Whether a view is made of what belongs to no step."""
    return bool(sight.needs) and RESTLESS.issuperset(sight.needs)


def _spot(session: Session, step: int) -> Spot:
    """A recording is played on the current line of its file."""
    branch = session.history.branch if session.history and not session.recorded else -1
    return Spot(branch, step)
