"""A guided lesson in plain lines: what to look at and what to do, said as soon as it is time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nnlab.errors import UserError
from nnlab.lessons.awaiting import Situation
from nnlab.lessons.holding import Hold, hold, turn
from nnlab.lessons.progress import Place, follow, onward, present
from nnlab.plain.companion import BeginAgain
from nnlab.plain.orders import Order
from nnlab.scenario.lesson import Lesson
from nnlab.ui.session import Session
from nnlab.ui.views.lesson import lesson_view

ADDS = {
    "next": ("", "go on with the lesson; a step that waits for something is skipped"),
    "hint": ("", "the hint of the lesson's step"),
    "lesson": ("", "the lesson's step again"),
    "story": ("", "the story of the scenario"),
}

OPENS = {"story": "story", "why": "explanation", "help": "help"}
"""Commands that tell what is opened in the lab, as `[lesson]` calls it."""


class LessonCompanion:
    """Follows the run through a lesson; the run waits while it is the user's turn."""

    adds: Mapping[str, tuple[str, str]] = ADDS
    takes_away: frozenset[str] = frozenset()

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._place = Place()
        self._hold = Hold()
        self._told: tuple[int, bool] = (-1, False)
        self._opened = ""

    def heard(self, order: Order) -> None:
        """What was typed may be what the lesson waits for."""
        self._opened = OPENS.get(order.name, "")

    def tell(self, session: Session) -> Iterator[str]:
        """The step that the lesson has come to, and its hint once it is due."""
        now = self._now(session)
        if now is None:
            return
        self._place, self._opened = follow(self._lesson, self._place, now), ""
        at, step = self._place.at, present(self._lesson, self._place)
        self._hold, toggle = hold(self._hold, at, turn(step), session.state)
        if toggle:
            session.toggle()
        before, self._told = self._told, (at, self._place.hinted)
        if before[0] != at:
            yield from self._step(session)
        elif self._place.hinted and not before[1]:
            yield from self._hint(session)

    def do(self, order: Order, session: Session, begin_again: BeginAgain) -> Iterable[str]:
        """Go on, give a hint, or tell again. Raises UserError."""
        now = self._now(session)
        if now is None:
            raise UserError("the run has not begun yet")
        match order.name:
            case "next" if present(self._lesson, self._place) is not None:
                self._place = onward(self._place, now)
                return ()
            case "hint":
                self._place = replace(self._place, hinted=True)
                self._told = self._place.at, True
                return tuple(self._hint(session))
            case "story":
                return tuple(session.story.text.replace("`", "").splitlines())
        return tuple(self._step(session))

    def _now(self, session: Session) -> Situation | None:
        return None if session.history is None else Situation(session.history, session.diagnosis, self._opened)

    def _step(self, session: Session) -> Iterator[str]:
        view = lesson_view(self._lesson, self._place, session.story.title, session.history)
        yield f"lesson: {view.title}, {view.count}"
        yield from (f"  {line}" for line in view.text.replace("`", "").splitlines() if line)
        if view.awaits:
            yield f"  waits for {view.awaits}".replace("−", "-")
        elif present(self._lesson, self._place) is not None:
            yield "  next goes on"

    def _hint(self, session: Session) -> Iterator[str]:
        view = lesson_view(self._lesson, self._place, session.story.title, session.history)
        yield f"  hint: {view.hint.replace('`', '') or 'there is none'}"
