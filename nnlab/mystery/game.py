"""One player's way through a mystery: what was answered, turned and trained, and what the judge says of it.

Nothing here draws or trains. Whoever shows the run tells the game of every turn and step and has it look at the
doctor's diagnosis, which the player does not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nnlab.diagnosis.finding import Diagnosis
from nnlab.mystery.answers import bug
from nnlab.mystery.generate import Mystery
from nnlab.mystery.score import Played
from nnlab.mystery.target import cured
from nnlab.scenario.steering import Setting

Reply = Literal["right", "symptom", "wrong", "known"]
"""symptom: the doctor sees it too, but it follows from what is hidden. known: it was answered before."""

WRONG_ANSWERS = 3
"""After so many the answer is told, and only the cure counts."""
BUDGET = 3
"""Times the planned steps that may be trained, all restarts and rewinds counted."""
SETTLED = 2
"""Boundaries in a row that must find the run cured."""
ONE_HAND = 0.03
"""Share of the planned steps within which turns of one knob are one intervention: a slider is turned notch by notch."""

HINTS = 3


@dataclass
class Game:
    """`target` is the loss up to which the run is cured, None until the twin has been trained."""

    mystery: Mystery
    target: float | None = None
    answers: tuple[str, ...] = ()
    wrong: int = 0
    hints: int = 0
    interventions: int = 0
    steps: int = 0
    cured: bool = False
    given_up: bool = False
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """Scenario keys that the run was begun again with."""
    touched: frozenset[str] = frozenset()
    """Knobs that the player turned: what they hold is known."""
    _named: frozenset[str] = frozenset()
    _last: tuple[str, int] = ("", 0)
    _well: int = 0

    @property
    def planned(self) -> int:
        """Steps of the scenario."""
        return self.mystery.sick.scenario.train.steps or 0

    @property
    def budget(self) -> int:
        """Steps that may be trained in all."""
        return BUDGET * self.planned

    @property
    def named(self) -> int:
        """Causes that were named."""
        return len(self._named)

    @property
    def may_answer(self) -> bool:
        """Whether an answer still counts."""
        return not self.over and self.named < len(self.mystery.causes) and self.wrong < WRONG_ANSWERS

    @property
    def over(self) -> bool:
        """Whether there is nothing left to win."""
        answered = self.named == len(self.mystery.causes) or self.wrong >= WRONG_ANSWERS
        return self.given_up or self.steps >= self.budget or (self.cured and answered)

    def answer(self, name: str, seen: Diagnosis | None) -> Reply:
        """What a name is worth; `seen` is the doctor's own diagnosis."""
        if name in self.answers:
            return "known"
        self.answers = (*self.answers, name)
        right = next((one.id for one in self.mystery.causes if name in one.answers and one.id not in self._named), "")
        if right:
            self._named |= {right}
            return "right"
        if any(name in one.answers for one in self.mystery.causes):
            return "known"
        if seen is not None and any(found.mode == name for found in seen.ever):
            return "symptom"
        self.wrong += 1
        return "wrong"

    def hint(self, seen: Diagnosis | None) -> str:
        """The next hint, the first of them the vaguest; "" when there are no more."""
        if self.hints >= HINTS or self.over:
            return ""
        self.hints += 1
        causes = [one for one in self.mystery.causes if one.id not in self._named] or list(self.mystery.causes)
        if self.hints == 1:
            return _kind(causes[0].answers[0], causes[0].level)
        if self.hints == 2:
            head = seen.headline if seen is not None else None
            shown = head.evidence[0] if head is not None and head.evidence else None
            return (
                f"Look at {shown.series}." if shown else "The doctor sees nothing yet. Train on, or look at the loss."
            )
        keys = ", ".join(sorted({*causes[0].cure, *causes[0].restart}))
        return f"It can be put right with {keys}."

    def turned(self, knob: str) -> None:
        """The player turned a knob."""
        last, step = self._last
        if knob != last or self.steps - step > ONE_HAND * self.planned:
            self.interventions += 1
        self._last = knob, self.steps
        self.touched |= {knob}
        self._well = 0

    def begin_again(self, change: str, settings: Mapping[str, Setting]) -> None:
        """The player begins again with other settings, which are added to those of earlier beginnings."""
        self.turned(change)
        self.settings = {**self.settings, **settings}

    def trained(self, steps: int) -> None:
        """So many more steps were trained."""
        if not self.over:
            self.steps += steps

    def look(self, seen: Diagnosis, losses: Sequence[float]) -> None:
        """Judge the run at a boundary, with its validation losses so far."""
        if self.over or self.target is None or not self.interventions or seen.step <= self.mystery.onset:
            return
        self._well = self._well + 1 if cured(seen.verdict, losses, self.target) else 0
        self.cured = self.cured or self._well >= SETTLED

    def played(self) -> Played:
        """What the score is made of."""
        return Played(
            causes=len(self.mystery.causes),
            named=self.named,
            cured=self.cured,
            wrong=self.wrong,
            hints=self.hints,
            interventions=self.interventions,
            steps=self.steps,
            budget=self.budget,
        )


def _kind(answer: str, level: int) -> str:
    """Where to look."""
    if bug(answer):
        return "It is a bug in the code: none of the usual settings is wrong."
    return {1: "It is a setting of the model or of its training.", 2: "It is the data."}[level]
