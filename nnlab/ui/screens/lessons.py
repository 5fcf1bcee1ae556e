"""The guided lesson of the lab screen: it follows the run, and says what to do next."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from nnlab.lessons.awaiting import Situation
from nnlab.lessons.holding import Hold, Turn, hold, turn
from nnlab.lessons.progress import Place, follow, onward, present, taken_up
from nnlab.ui.panels.lesson import LessonPanel, LessonStrip
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.branches import Branches
from nnlab.ui.screens.help import Help
from nnlab.ui.screens.lesson import LessonOverview, Wish
from nnlab.ui.screens.reading import Reading
from nnlab.ui.screens.tests import ChooseTest, OutcomeScreen
from nnlab.ui.session import Session
from nnlab.ui.story import paragraphs
from nnlab.ui.views.lesson import lesson_view

if TYPE_CHECKING:
    from nnlab.scenario.lesson import Lesson
    from nnlab.ui.app import LabApp


class Lessons(Screen[None]):
    """A screen over the session of a run with a `Body`. The app keeps the place while runs come and go."""

    session: Session
    _hold = Hold()

    @property
    def _lesson(self) -> "Lesson | None":
        return self.session.story.lesson

    @property
    def _places(self) -> "dict[Lesson, Place]":
        """Where the user is in each lesson that has been begun and not left."""
        return cast("LabApp", self.app).lesson_places

    @property
    def _situation(self) -> Situation | None:
        history = self.session.history
        return None if history is None else Situation(history, self.session.diagnosis, self._opened)

    @property
    def _opened(self) -> str:
        """The page, menu or view on the screen, as `[lesson]` calls it."""
        match self.app.screen:
            case Reading(title=title):
                return "story" if title == self.session.story.title else "explanation"
            case ChooseTest() | OutcomeScreen():
                return "tests"
            case Branches():
                return "branches"
            case Help():
                return "help"
            case screen if screen is self:
                return self.query_one(Body).shown_view.replace(" ", "-")
        return ""

    def _come_to(self, lesson: "Lesson", place: Place) -> None:
        """The lesson is there now; how far it is holds beyond this sitting."""
        self._places[lesson] = place
        if self.session.info is not None:
            app = cast("LabApp", self.app)
            app.kept_lessons.note(self.session.info.scenario, place.at, len(lesson.steps))

    def follow_lesson(self) -> None:
        """Go on where what the lesson waits for has come."""
        lesson = self._lesson
        place = None if lesson is None else self._places.get(lesson)
        if lesson is None or place is None or (now := self._situation) is None:
            return
        if place.taken_up and self.app.screen is self:
            self._look_in_full(lesson, replace(place, taken_up=False), left_here=True)
            return
        after = follow(lesson, place, now)
        if after != place:
            self._come_to(lesson, after)
            self.paint_lesson()
        self._hold_run(after.at, turn(present(lesson, after)))

    def _hold_run(self, at: int, whose: Turn) -> None:
        """Have the run wait while it is the user's turn."""
        before = self._hold
        self._hold, toggle = hold(before, at, whose, self.session.state)
        if toggle:
            self.session.toggle()
        if self._hold.stage != before.stage:
            self.paint_lesson()

    def paint_lesson(self) -> None:
        """Tell the present step; without a lesson there is nothing to see."""
        lesson = self._lesson
        place = None if lesson is None else self._places.get(lesson)
        faces = self.query("LessonPanel, LessonStrip")
        if lesson is None or place is None:
            faces.remove()
            return
        held = self._hold.stage == "held"
        view = lesson_view(lesson, place, self.session.story.title, self.session.history, held=held)
        if not faces:
            panel, strip = LessonPanel(), LessonStrip()
            panel.set_reactive(LessonPanel.view, view)
            strip.set_reactive(LessonStrip.view, view)
            self.query_one("#side").mount(panel, before=0)
            self.query_one(Body).mount(strip, before=0)
        for face in faces:
            if isinstance(face, LessonPanel | LessonStrip) and face.is_mounted:
                face.view = view

    def action_lesson(self) -> None:
        """Begin the lesson; or go on where it waits for the user only; or look at it in full, with its hint.

        Two lines do not tell all: where there is only room for them it is always looked at in full.
        """
        lesson, now = self._lesson, self._situation
        if lesson is None or now is None:
            return
        place, brief = self._places.get(lesson), self.query_one(Body).compact
        step = None if place is None else present(lesson, place)
        if place is None:
            kept = cast("LabApp", self.app).kept_lessons.reached(now.history.info.scenario)
            self._places[lesson] = taken_up(lesson, kept)
        elif step is None and not brief:
            del self._places[lesson]
        elif step is not None and step.wait_for is None and not brief:
            self._come_to(lesson, onward(place, now))
        else:
            self._look_in_full(lesson, replace(place, hinted=True))
        self.paint_lesson()

    def _look_in_full(self, lesson: "Lesson", place: Place, *, left_here: bool = False) -> None:
        """Show the steps so far, and what can be done."""
        self._places[lesson] = place
        behind = tuple(paragraphs(past.text) for past in lesson.steps[: place.at])
        view = lesson_view(lesson, place, self.session.story.title, self.session.history)
        self.app.push_screen(LessonOverview(view, behind, left_here=left_here), self._after_overview)

    def _after_overview(self, wish: Wish | None) -> None:
        lesson, now = self._lesson, self._situation
        if lesson is None or now is None or lesson not in self._places:
            return
        match wish:
            case "skip":
                self._come_to(lesson, onward(self._places[lesson], now))
            case "begin":
                self._come_to(lesson, Place())
            case "leave":
                del self._places[lesson]
        self.paint_lesson()
