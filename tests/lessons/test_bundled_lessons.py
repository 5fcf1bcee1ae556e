"""Every bundled lesson can be taken to its end by a user who does no more than it asks for."""

import math
from typing import Any

import pytest
from here import Here

from nnlab.lessons.awaiting import Situation
from nnlab.lessons.progress import Place, follow, onward, present
from nnlab.resources import bundled
from nnlab.scenario.lesson import Awaited
from nnlab.scenario.load import load
from nnlab.scenario.override import argument
from nnlab.ui.session import Session
from nnlab.ui.views.diagnosis import headline, settings_of
from nnlab.ui.views.sights import sights
from nnlab.wire import commands
from nnlab.wire.values import KnobValue

QUICK = "vanishing-gradients"
"""Its lesson is taken in the quick suite too."""

RUNS = 2
"""Planned lengths of the scenario that a lesson may take between two things that the user does."""


def lessons() -> list[str]:
    files = sorted(bundled("scenarios").glob("*.toml"))
    return [file.stem for file in files if "\n[lesson]\n" in file.read_text(encoding="utf-8")]


class Student:
    """Trains the scenario from one diagnosis to the next, and does what the lesson asks for."""

    def __init__(self, name: str) -> None:
        self.path = bundled("scenarios") / f"{name}.toml"
        self.settings: dict[str, Any] = {}
        self.opened = ""
        self.begin()

    def begin(self) -> None:
        """Begin the scenario with the settings."""
        loaded = load(self.path, [argument(key, value) for key, value in self.settings.items()])
        self.engine = Here(loaded, paused=True)
        self.session = Session(self.engine)
        self.listen()

    def listen(self) -> None:
        """Take in all that was told."""
        self.session.advance(math.inf)
        assert self.session.failure is None, self.session.failure

    def take(self) -> None:
        lesson = load(self.path).scenario.lesson
        assert lesson is not None
        place, waited = Place(), 0
        while (step := present(lesson, place)) is not None:
            before, now = place.at, self.situation()
            place = follow(lesson, place, now) if step.wait_for else onward(place, now)
            if place.at > before:
                waited = 0
                continue
            assert step.wait_for is not None
            waited += self.act(step.wait_for)
            planned = now.history.info.planned_steps
            verdict = now.diagnosis.verdict if now.diagnosis else None
            assert waited <= RUNS * planned, f"step {before + 1} never came ({verdict} at {now.step}): {step.text}"

    def situation(self, opened: str = "") -> Situation:
        assert self.session.history is not None
        return Situation(self.session.history, self.session.diagnosis, opened or self.opened)

    def act(self, awaited: Awaited) -> int:
        """What the step asks for; steps trained."""
        self.opened = self.open(awaited.opened) if awaited.opened else ""
        if awaited.opened:
            return 0
        if awaited.setting is not None:
            self.begin_again(awaited)
            return 0
        assert self.session.history is not None
        held = None if awaited.knob is None else self.session.history.knob(awaited.knob)
        if awaited.knob is not None and held is not None:
            self.turn(awaited.knob, value(awaited, held))
            return 0
        return self.train()

    def begin_again(self, awaited: Awaited) -> None:
        """By the remedy that the diagnosis offers for it, with all that it sets."""
        found = headline(self.session.diagnosis)
        assert found is not None
        offered = [settings_of(command) for remedy in found.remedies for command in remedy.commands]
        wanted = str(list(awaited.to)) if isinstance(awaited.to, tuple) else awaited.to
        self.settings = next(settings for settings in offered if settings.get(str(awaited.setting)) == wanted)
        self.begin()

    def open(self, opened: str) -> str:
        """Only what there is can be opened."""
        assert self.session.info is not None
        views = {sight.title.replace(" ", "-") for sight in sights(self.session.info) if sight}
        assert opened in views | {"story", "explanation", "tests", "branches", "help"}
        assert opened != "explanation" or self.situation("-").diagnosis.verdict != "undecided"
        return opened

    def turn(self, knob: str, to: KnobValue) -> None:
        self.session.turn(knob, to)
        self.listen()
        assert not self.session.answers.refusals, self.session.answers.refusals

    def train(self) -> int:
        assert self.session.info is not None
        steps = self.session.info.diagnose_every
        self.engine.send(commands.Run(steps))
        self.listen()
        return steps


def value(awaited: Awaited, held: KnobValue) -> KnobValue:
    """A value that the step waits for; halfway on a log scale where there are two limits."""
    if awaited.to is not None:
        assert not isinstance(awaited.to, tuple)
        return awaited.to
    low, high = awaited.above, awaited.below
    if low is not None and high is not None:
        found = math.sqrt(low * high) if low > 0 else high / 2
    elif low is not None:
        found = low * 1.5
    elif high is not None:
        found = high / 1.5
    else:
        assert not isinstance(held, str)
        found = held * 1.5
    return round(found) if isinstance(held, int) else found


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name == QUICK else pytest.mark.slow) for name in lessons()]
)
def test_the_lesson_can_be_taken_to_its_end(name: str) -> None:
    Student(name).take()
