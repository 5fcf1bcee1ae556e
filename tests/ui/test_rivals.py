"""Rivals in the lab: told in the diagnosis, told apart by a key, and another matter afterwards."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.tests import OutcomeScreen
from nnlab.ui.session import Session
from nnlab.wire import commands, events
from nnlab.wire.experiments import Check, Comparison, Result

TOO_LONG = Comparison(
    "too long", False, "lr-too-high", "Half of it would do better.", 0.7, (), (Check("step-length", "wrong", "long"),)
)


class Rivals:
    """Finds drift, with too high a rate as a symptom of it."""

    def look(self, history: Any) -> Diagnosis:
        drift = Finding(
            "data-drift", "warning", 0.9, 5, 10, None, "The inputs have changed.", because="The world moved on."
        )
        rate = Finding("lr-too-high", "note", 0.8, 5, 10, None, "It jumps.", folded_into="data-drift")
        return Diagnosis(history.step, "data-drift", drift, (drift, rate), (drift, rate))


class Answered:
    """Stands for an experiment that is done at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.cancelled = threading.Event()

    def __call__(self, name: str, **_: Any) -> "Answered":
        self.asked.append(name)
        return self

    def perform(self, _: Callable[[str], None]) -> Result:
        return TOO_LONG

    def cancel(self) -> None:
        self.cancelled.set()


@pytest.fixture
def experiment() -> Answered:
    return Answered()


@pytest.fixture
def lab(story, info, frame, experiment, monkeypatch) -> Iterator[Any]:
    """A lab after 20 steps, in which drift stands."""
    monkeypatch.setattr(story, "session", lambda: Session(story.feed, doctor=lambda _: Rivals(), experiment=experiment))
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    yield story.app()


def panel(app: Any) -> DiagnosisPanel:
    found: DiagnosisPanel = app.screen.query_one(DiagnosisPanel)
    return found


async def test_the_test_between_rivals_is_one_key_and_moves_their_weights(lab, story, experiment, until) -> None:
    async with lab.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(lab.screen, LabScreen) and lab.screen.session.step == 20)
        await until(pilot, lambda: panel(lab).view.rivals != "")
        assert panel(lab).view.rivals == "lr too high 18 % (this: 82 %)"
        assert panel(lab).view.separates == "half and double step: tells data drift from lr too high"
        await pilot.press("D")
        await until(pilot, lambda: any(isinstance(one, commands.Save) for one in story.feed.sent))
        save = next(one for one in story.feed.sent if isinstance(one, commands.Save))
        story.feed.add(events.Saved(20, save.id))
        await until(pilot, lambda: isinstance(lab.screen, OutcomeScreen) and "weighs" in shown(lab))
        assert experiment.asked == ["step-sizes"]
        assert "data drift 82 % → 44 %, lr too high 18 % → 56 %" in shown(lab)
        noted = [one for one in story.feed.sent if isinstance(one, commands.Remark) and one.kind == "test"]
        assert [(one.text, one.step) for one in noted] == [("half and double step: too long (lr-too-high)", 20)]
        await pilot.press("escape")
        story.feed.add(events.Marked(20, "test", noted[0].text))
        await until(pilot, lambda: "56 %" in panel(lab).view.rivals)
        assert panel(lab).view.separates.startswith("learning-rate range: tells lr too high from data drift")


async def test_in_a_small_terminal_the_rivals_stand_before_the_reason(lab, until) -> None:
    async with lab.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(lab.screen, LabScreen) and lab.screen.session.step == 20)
        await until(pilot, lambda: "lr too high 18 %" in shown(lab) and "because " in shown(lab))
        text = shown(lab)
        assert text.index("lr too high 18 %") < text.index("because ")


def shown(app: Any) -> str:
    return "\n".join(str(text.render()) for text in app.screen.query("Static"))
