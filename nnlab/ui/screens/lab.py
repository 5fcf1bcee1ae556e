"""The lab screen: a run, its panels, and the keys that steer it."""

import time
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Resize, ScreenResume

from nnlab.ui.arrangements import Arrangements
from nnlab.ui.cadence import Cadence, Settling
from nnlab.ui.collector import SPARED_AFTER, spare_what_stays
from nnlab.ui.explaining import inquiry
from nnlab.ui.inspections import EVERY, SLOWLY
from nnlab.ui.messages import Again, ToGallery
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.knobs import KnobsPanel
from nnlab.ui.panels.status import ProgressRule, StatusLine
from nnlab.ui.panels.tabs import ViewTabs
from nnlab.ui.screens.arranging import Arranging
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.following import Following
from nnlab.ui.screens.lab_keys import LAB_KEYS, works
from nnlab.ui.screens.lessons import Lessons
from nnlab.ui.screens.overlays import Overlaying
from nnlab.ui.screens.point import PointScreen
from nnlab.ui.screens.presenter import Presenter
from nnlab.ui.screens.proving import Proving
from nnlab.ui.screens.reading import Reading
from nnlab.ui.screens.tests import OutcomeScreen, begin, offer
from nnlab.ui.screens.time_travel import TimeTravel
from nnlab.ui.screens.trouble import Choice, Trouble
from nnlab.ui.session import News, Session
from nnlab.ui.testing import Outcome, Testing
from nnlab.ui.tight_paint import catch_up, paint_tightly, waiting
from nnlab.ui.trials import Trials
from nnlab.ui.views.page import story_page
from nnlab.ui.views.rivals import next_test, weighs
from nnlab.ui.views.status import status
from nnlab.ui.views.tests import fitting, todo
from nnlab.ui.views.trouble import trouble

TICKS = 50.0
"""Times a second at which events are taken in."""

COMPACT = (100, 28)
"""Columns and rows below which one view is shown at a time."""

SPACED = [(0, "-low"), (36, "-tall")]
"""From so many rows on panels stand a row apart."""


class LabScreen(Following, TimeTravel, Lessons, Overlaying, Proving, Arranging):
    """A run of a scenario, live."""

    topic = "the lab"
    HELP = "A run as it trains. tab goes from panel to panel; ? then tells of the one with the focus, and of its keys."
    BINDINGS: ClassVar[list[BindingType]] = LAB_KEYS
    AUTO_FOCUS = ""
    VERTICAL_BREAKPOINTS = SPACED
    DEFAULT_CSS = """
    LabScreen #top { dock: top; height: 2; }
    LabScreen .-maximized { width: 100%; height: 1fr; max-height: 100%; }
    LabScreen Body.-compact LessonPanel { display: none; }
    LabScreen Body.-compact LessonStrip { display: block; }
    LabScreen.-tall #pair, LabScreen.-tall #lower, LabScreen.-tall #side > KnobsPanel { margin-top: 1; }
    LabScreen.-maximized-view { hatch: none; align: left top; }
    """
    ALLOW_IN_MAXIMIZED_VIEW = "#top, KeyBar"

    def __init__(
        self, session: Session, *, low_bandwidth: bool = False, arrangements: Arrangements | None = None
    ) -> None:
        super().__init__()
        paint_tightly(self)
        self.session = session
        self._arrangements = arrangements or Arrangements()
        self._cadence = Cadence(low_bandwidth=low_bandwidth)
        self.settling = Settling()
        self._due = News.ANSWER
        self._told = False
        self._testing = Testing(session, todo, self._test_done)
        self.trials = Trials(session)

    def compose(self) -> ComposeResult:
        """Status, panels, keys."""
        with Vertical(id="top"):
            yield StatusLine()
            yield ProgressRule()
        yield Body(self._arrangements)
        yield KeyBar()

    def on_mount(self) -> None:
        """Start to listen."""
        self.set_interval(1 / TICKS, self._tick)
        self.set_timer(SPARED_AFTER, spare_what_stays)

    def on_resize(self, event: Resize) -> None:
        """Choose the layout for the size."""
        columns, rows = COMPACT
        self.query_one(Body).compact = event.size.width < columns or event.size.height < rows
        self._repaint()

    def on_screen_resume(self, _: ScreenResume) -> None:
        """Catch up with what happened behind another screen."""
        self._repaint()

    async def _tick(self) -> None:
        """Take in what the engine sent; paint when it is time and the screen can be seen.

        What a user waits to see (an applied knob, a verdict, a state) is painted at the next tick, and by itself: the
        charts would hold it up by twice the time it takes.
        """
        self._due |= self.session.advance()
        catch_up(self)
        self.follow_lesson()
        if self.app.screen is not self:
            return
        self.follow_cursor()
        now = time.monotonic()
        self.query_one(Body).look_inside(self.session, now, SLOWLY if self._cadence.slow else EVERY)
        if not self._due:
            if self._cadence.rested(now, waiting(self.app)):
                self._paint_status()
            return
        answered = bool(self._due & News.ANSWER)
        if self._cadence.due(now, waiting(self.app)):
            steady = not self._cadence.numbers_due(now) and not answered
            self._due = News.DATA if steady else News.NONE
            if steady:
                self._paint_status()
            else:
                self._paint_answers()
            await self.query_one(Body).paint(self.session, steady=steady)
        elif answered:
            self._due = News.DATA
            self._paint_answers()
        if answered:
            self.refresh_bindings()
            self.tell_arrivals()
        if self.session.failure and not self._told:
            self._told = True
            self.app.push_screen(Trouble(trouble(self.session)), self._after_trouble)

    def _paint_status(self) -> None:
        view = status(self.session, self.looking, slowed=self._cadence.slowed)
        self.query_one(StatusLine).view = view
        self.query_one(ProgressRule).show(view.done)

    def _paint_answers(self) -> None:
        self._paint_status()
        self.query_one(Body).paint_answers(self.session)
        self.paint_lesson()

    def _repaint(self) -> None:
        """Paint everything at the next tick, and think again about which keys work."""
        self._due = News.ANSWER
        self._cadence.at_once()

    def _after_trouble(self, choice: Choice | None) -> None:
        if choice == "restart":
            self.post_message(Again())
        elif choice == "quit":
            self.app.exit()

    # --- which keys work now -------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False for what makes no sense at present, so that footer, help and palette leave it out."""
        if action == "remedy":
            return self.session.alive and self.offered(int(str(parameters[0]))) is not None
        return works(action, self.session, self.looking)

    # --- what is shown ------------------------------------------------------------------------

    def on_view_tabs_picked(self, event: ViewTabs.Picked) -> None:
        """Show the view whose name was clicked."""
        self.query_one(Body).pick_view(event.index)
        self._repaint()

    def action_view(self, by: int) -> None:
        self.query_one(Body).turn_view(by)
        self._repaint()

    def action_focus_charts(self) -> None:
        self.query_one(Body).next_chart().focus()

    def action_focus_knobs(self) -> None:
        slider = self.query_one(KnobsPanel).first()
        if slider is not None:
            slider.focus()

    def action_focus_diagnosis(self) -> None:
        self.query_one(DiagnosisPanel).focus()

    def action_toggle_maximised(self) -> None:
        if self.maximized:
            self.minimize()
        else:
            self.maximize(self.focused or self.query_one(Body).main_view)
        self._repaint()

    def action_toggle_view(self) -> None:
        """Let the view fill the screen, and back."""
        body = self.query_one(Body)
        if self.maximized:
            self.minimize()
        else:
            body.show_third()
            self.maximize(body.third)
        self._repaint()

    async def action_report(self) -> None:
        """Keep the report of the run."""
        await self.app.run_action("app.report")

    def action_story(self) -> None:
        self.app.push_screen(Reading(story_page(self.session.story)))

    def action_presenter(self) -> None:
        self.app.push_screen(Presenter(self.session, self.query_one(Body), self.trials))

    def action_tests(self) -> None:
        if self.session.info is not None:
            offer(self.app, self._testing, fitting(self.session.info))

    def action_separate_rivals(self) -> None:
        """Take the test that tells the rivals of the diagnosis apart."""
        test = next_test(self.session)
        if test is not None:
            begin(self.app, self._testing, test)

    def action_explain_point(self) -> None:
        """Do the step that is looked at again, and say why it went as it did."""
        question = inquiry(self.session, self.looking, self.query_one(Body).reach)
        if question is not None:
            self.app.push_screen(PointScreen(question))

    def _test_done(self, outcome: Outcome) -> None:
        """Say so where nobody is looking at it."""
        self._due |= News.ANSWER
        outcome.weighs = weighs(self.session, outcome)
        if self.is_running and not isinstance(self.app.screen, OutcomeScreen):
            self.notify(outcome.verdict, title=outcome.test.title, markup=False)

    def on_unmount(self) -> None:
        """Nobody waits for a test any more."""
        self._testing.cancel()

    def action_gallery(self) -> None:
        self.post_message(ToGallery())
