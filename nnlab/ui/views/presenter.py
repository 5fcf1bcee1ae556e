"""Presenter mode: what a room sees. Large numbers, the question, the answer."""

from dataclasses import dataclass
from typing import Literal

from nnlab.diagnosis.finding import HEALTHY
from nnlab.lessons.question import Question
from nnlab.ui import format as write
from nnlab.ui.session import Session
from nnlab.ui.views.diagnosis import SEVERITIES, RemedyView, diagnosis, headline
from nnlab.ui.views.ghost import twin_of

Phase = Literal["watching", "asked", "revealed"]

ASK = "what is wrong?"

NUMBERS = (("loss", "train/loss"), ("accuracy", "val/accuracy"), ("R²", "val/r2"), ("gap", "sim/gap"))
"""Labels and series of the large numbers; those that the run measures, three with the step."""

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its letter, its words, whether the room chose it, and whether it is right (None: not told yet)."""

    letter: str
    words: str
    chosen: bool
    right: bool | None


@dataclass(frozen=True, slots=True)
class PresenterView:
    """`large` is written large in `tone`; `small` explains it."""

    numbers: tuple[tuple[str, str], ...] = ()
    large: str = ""
    tone: str = "quiet"
    small: str = ""
    twin: str = ""
    """What the ghost twin of the last turn does, or has found."""
    answers: tuple[Answer, ...] = ()
    remedies: tuple[RemedyView, ...] = ()


def presenter_view(session: Session, phase: Phase, asked: Question | None, chosen: int | None) -> PresenterView:
    """What is to be seen in this phase."""
    numbers = _numbers(session)
    answers = _answers(asked, chosen, told=phase == "revealed") if asked and phase != "watching" else ()
    if phase == "asked":
        return PresenterView(numbers, ASK, "busy", answers=answers)
    if phase == "watching":
        return PresenterView(numbers)
    found = headline(session.diagnosis)
    if found is None:
        return PresenterView(numbers, "undecided", twin=twin_of(session), answers=answers)
    tone = "good" if found.mode in HEALTHY else SEVERITIES[found.severity][1]
    remedies = tuple(one for one in diagnosis(session).remedies if one.key and not one.restarts)
    return PresenterView(
        numbers, found.mode.replace("-", " "), tone, found.headline, twin_of(session), answers, remedies
    )


def _numbers(session: Session) -> tuple[tuple[str, str], ...]:
    history = session.history
    if history is None:
        return ()
    found = [(label, write.number(series.last, 3)) for label, name in NUMBERS if (series := history.get(name))]
    return (*found[: SHOWN - 1], ("step", write.count(session.step)))


def _answers(asked: Question, chosen: int | None, *, told: bool) -> tuple[Answer, ...]:
    return tuple(
        Answer("abcd"[place], words.replace("-", " "), place == chosen, place == asked.right if told else None)
        for place, words in enumerate(asked.answers)
    )
