"""How far a lesson has come, and where it goes from there as its run goes on."""

from dataclasses import dataclass, replace

from nnlab.lessons.awaiting import Since, Situation, holds
from nnlab.lessons.kept import Reached
from nnlab.scenario.lesson import Lesson, LessonStep

BEGINNING = Since()
"""Before the first run is known."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lesson is: at its step `at`, counted from 0; past the last one it is over."""

    at: int = 0
    since: Since = BEGINNING
    hinted: bool = False
    """Whether the step's hint is shown."""
    taken_up: bool = False
    """Whether it was left here once and is taken up again, which the user is still to be told."""


def taken_up(lesson: Lesson, reached: Reached) -> Place:
    """Where a lesson goes on that was left; at its beginning where its number of steps shows that it is another now."""
    return Place(reached.at, taken_up=True) if reached.at and reached.steps == len(lesson.steps) else Place()


def present(lesson: Lesson, place: Place) -> LessonStep | None:
    """The step that the lesson is at; None once it is over."""
    return lesson.steps[place.at] if place.at < len(lesson.steps) else None


def follow(lesson: Lesson, place: Place, now: Situation) -> Place:
    """Where the lesson is now: one step on where what it waits for has come.

    A run that is begun again, or stands before where the lesson found it, is followed from there.
    """
    step, since = present(lesson, place), _found(place.since, now)
    if step is None:
        return place
    place = replace(place, since=since)
    if step.wait_for is not None and holds(step.wait_for, now, since):
        return onward(place, now)
    late = step.hint_after is not None and now.step - since.step >= step.hint_after
    return replace(place, hinted=place.hinted or late)


def _found(since: Since, now: Situation) -> Since:
    """Where the lesson came to its step, in the run as it is now."""
    if since == BEGINNING:
        return Since(now.run_id, now.step, now.turns)
    if since.run_id != now.run_id:
        return Since(now.run_id)
    return Since(now.run_id, min(since.step, now.step), min(since.turns, now.turns))


def onward(place: Place, now: Situation) -> Place:
    """The next step of the lesson, whether or not what it waited for has come."""
    return Place(place.at + 1, Since(now.run_id, now.step, now.turns))
