"""Presenter mode: what a room sees. Large numbers, the question, the answer."""

from dataclasses import dataclass
from typing import Literal

from nnlab.diagnosis.finding import HEALTHY
from nnlab.lessons.question import Question
from nnlab.ui import format as write
from nnlab.ui.session import Session
from nnlab.ui.trials import Attempt
from nnlab.ui.views.diagnosis import SEVERITIES, RemedyView, diagnosis, headline
from nnlab.ui.views.ghost import twin_of
from nnlab.ui.views.trials import TrialRow, trial_view

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
class Offer:
    """A remedy, and what forks have proved of it: a sign and words in `tone`, "" where it was not tried."""

    remedy: RemedyView
    sign: str = ""
    proof: str = ""
    tone: str = "quiet"
    note: str = ""
    """The proof, as the journal of a run that begins again with it tells it."""


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
    offers: tuple[Offer, ...] = ()
    forks: str = ""
    """What the untouched fork ends with, or how far the forks are."""


def presenter_view(
    session: Session, phase: Phase, asked: Question | None, chosen: int | None, attempt: Attempt | None = None
) -> PresenterView:
    """What is to be seen in this phase; `attempt` are the forks that try the remedies."""
    numbers = _numbers(session)
    answered = asked if phase != "watching" and attempt is None else None  # proofs take the room of the answers
    answers = _answers(answered, chosen, told=phase == "revealed") if answered else ()
    if phase == "asked":
        return PresenterView(numbers, ASK, "busy", answers=answers)
    if phase == "watching":
        return PresenterView(numbers)
    found = headline(session.diagnosis)
    if found is None:
        return PresenterView(numbers, "undecided", twin=twin_of(session), answers=answers)
    tone = "good" if found.mode in HEALTHY else SEVERITIES[found.severity][1]
    offers, forks = _offers(session, attempt)
    return PresenterView(
        numbers, found.mode.replace("-", " "), tone, found.headline, twin_of(session), answers, offers, forks
    )


def _offers(session: Session, attempt: Attempt | None) -> tuple[tuple[Offer, ...], str]:
    """The remedies that a command can carry out, with what was proved; a recording's are told only."""
    remedies = [one for one in diagnosis(session).remedies if one.key or (session.recorded and one.does)]
    if attempt is None:
        return tuple(map(Offer, remedies)), ""
    tried = trial_view(attempt, session)
    rows = {attempt.remedies[row.place].text: row for row in tried.rows}
    offers = tuple(_proved(one, rows[one.text]) if one.text in rows else Offer(one) for one in remedies)
    return offers, attempt.error or tried.untouched


def _proved(remedy: RemedyView, row: TrialRow) -> Offer:
    note = f"{row.adoption.proof} (at step {row.adoption.step} of the run before)" if row.adoption is not None else ""
    return Offer(remedy, row.glyph, f"{row.word}  {row.facts}", row.tone, note)


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
