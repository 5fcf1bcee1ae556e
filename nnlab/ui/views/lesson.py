"""The lesson panel: which step of the lesson it is, what it asks, and what it waits for."""

from dataclasses import dataclass

from nnlab.lessons.awaiting import reading
from nnlab.lessons.progress import Place, present
from nnlab.scenario.keys import nearest
from nnlab.scenario.lesson import Awaited, Lesson
from nnlab.scenario.steering import Setting
from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.story import paragraphs

OVER = "The lesson is over."

OPENED = {
    "story": "the story, with i",
    "explanation": "the explanation of the finding, with x",
    "tests": "the named tests, with t",
    "branches": "the branches, with b",
    "help": "the help, with ?",
}
"""How what can be opened is opened; views are chosen with v."""


@dataclass(frozen=True, slots=True)
class LessonView:
    """The panel's content. `done` of `steps` are behind; `awaits` is "" where nothing is waited for, or over."""

    title: str = ""
    done: int = 0
    steps: int = 0
    text: str = ""
    awaits: str = ""
    hint: str = ""
    held: bool = False
    """Whether the run waits for the user."""
    key: str = ""
    """What the lesson's key does now."""

    @property
    def count(self) -> str:
        """Which step it is."""
        return f"step {self.done + 1} of {self.steps}" if self.done < self.steps else "done"


def lesson_view(lesson: Lesson, place: Place, title: str, history: History | None, *, held: bool = False) -> LessonView:
    """The lesson as it stands; `title` is the scenario's, `held` says whether the run waits for the user."""
    step, steps = present(lesson, place), len(lesson.steps)
    title = lesson.title or title
    if step is None:
        return LessonView(title, steps, steps, paragraphs(lesson.learned) or OVER, key="closes the lesson")
    awaits = awaited(step.wait_for, history) if step.wait_for else ""
    key = ("hint, steps, leave" if step.hint and not place.hinted else "steps, leave") if awaits else "goes on"
    hint = paragraphs(step.hint) if place.hinted else ""
    return LessonView(title, place.at, steps, paragraphs(step.text), awaits, hint, held, key)


def awaited(it: Awaited, history: History | None) -> str:
    """What is waited for, and how far it is, in a few words."""
    if it.finding is not None:
        return "a healthy run" if it.finding == "healthy" else f"the diagnosis: {_words(it.finding)}"
    if it.cleared is not None:
        return f"{_words(it.cleared)} to clear"
    if it.metric is not None:
        return _metric(it, it.metric, history)
    if it.knob is not None:
        return _knob(it, it.knob, history)
    if it.setting is not None:
        return f"a run begun again with {it.setting.rpartition('.')[2]} = {_value(it.to)}"
    if it.step is not None:
        return f"step {write.count(it.step)}"
    if it.after is not None:
        return f"{write.count(it.after)} more steps"
    return OPENED.get(str(it.opened), f"the view {_words(str(it.opened))}, with v")


def _metric(it: Awaited, metric: str, history: History | None) -> str:
    wanted = f"{metric} {_limits(it)}"
    if history is None:
        return wanted
    value = reading(history, metric)
    if value is not None:
        return f"{wanted}, now {write.number(value, 3)}"
    announced = {spec.name for spec in history.info.series}
    if not announced or metric in announced:
        return wanted
    guess = nearest(metric, announced)
    return f"{wanted}, which this run does not measure" + (f"; did you mean {guess}?" if guess else "")


def _knob(it: Awaited, knob: str, history: History | None) -> str:
    known = next((spec for spec in history.info.knobs if spec.id == knob), None) if history else None
    name = known.label if known else knob
    if history is not None and known is None:
        return f"the knob {knob}, which this run does not have"
    if it.to is not None:
        return f"{name} at {_value(it.to)}"
    return f"{name} {_limits(it)}" if it.above is not None or it.below is not None else f"{name} to be turned"


def _limits(it: Awaited) -> str:
    parts = [] if it.above is None else [f"above {write.knob(it.above)}"]
    parts += [] if it.below is None else [f"below {write.knob(it.below)}"]
    return " and ".join(parts)


def _value(value: Setting | None) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(write.knob, value))}]"
    return "" if value is None else write.knob(value)


def _words(name: str) -> str:
    return name.replace("-", " ")
