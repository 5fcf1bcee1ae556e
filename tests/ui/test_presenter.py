"""Presenter mode: what a room sees, and when it sees the diagnosis."""

from types import SimpleNamespace

import pytest

from nnlab.trials.judge import Trial
from nnlab.trials.prove import Proved
from nnlab.ui.panels.large_text import LargeText
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.presenter import SLOW, Presenter
from nnlab.ui.trials import Attempt, Trials
from nnlab.ui.views.presenter import ASK
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow


@pytest.fixture
def sick(story, info, frame):
    """The engine has trained 45 steps, and the doctor has found overfitting."""
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 45))
    return story


def shown(app) -> str:
    """Everything that the room can read."""
    large = [part.said for part in app.screen.query(LargeText) if part.id == "large"]
    return "\n".join([*large, *(str(part.render()) for part in app.screen.query("Static") if part.display)])


async def test_it_asks_before_it_reveals(sick, until) -> None:
    app = sick.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, Presenter) and "accuracy" not in shown(app))
        await until(pilot, lambda: "loss" in shown(app))
        assert "overfitting" not in shown(app)
        await pilot.press("enter")
        assert commands.Pause() in sick.feed.sent
        sick.feed.add(events.StateChanged(45, "paused"))
        await until(pilot, lambda: ASK in shown(app) and "overfitting" in shown(app))
        assert "38 %" not in shown(app)
        right = next(place for place, answer in enumerate(app.screen._asked.answers) if answer == "overfitting")
        await pilot.press("abcd"[right])
        await pilot.press("enter")
        await until(pilot, lambda: "38 % above its minimum" in shown(app))
        assert f"✓ {'abcd'[right]}  overfitting  right" in shown(app)
        await pilot.press("1")
        turned = [(sent.knob, sent.value, sent.source) for sent in sick.feed.sent if isinstance(sent, commands.Turn)]
        assert turned == [("dropout", 0.3, "remedy")]
        assert commands.Resume() in sick.feed.sent
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, LabScreen))


async def test_slow_motion_and_captions(sick, until) -> None:
    app = sick.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
        await pilot.press("P", "s")
        await pilot.press("s")
        assert [sent for sent in sick.feed.sent if isinstance(sent, commands.Pace)] == [
            commands.Pace(SLOW),
            commands.Pace(0.0),
        ]
        await pilot.press("t", "H", "i", "enter")
        await until(pilot, lambda: "\nHi" in shown(app))
        await pilot.press("t", "escape")
        assert isinstance(app.screen, Presenter)


async def test_an_engine_that_is_lost_is_told_in_the_lab(sick, until) -> None:
    app = sick.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, Presenter))
        presenter = app.screen
        sick.feed.add(events.EngineLost(-9, "killed"))
        while app.session.failure is None:
            app.session.advance()
        for _ in range(3):  # it may be painted again before it is gone
            presenter._paint()
        await until(pilot, lambda: [type(one).__name__ for one in app.screen_stack[-2:]] == ["LabScreen", "Trouble"])


async def test_forks_prove_what_is_revealed_and_a_restart_is_presented_too(
    sick, info, frame, until, monkeypatch
) -> None:
    begun = []

    async def perform(self: Trials, attempt: Attempt) -> None:
        begun.append(attempt)

    monkeypatch.setattr(Trials, "_perform", perform)
    app = sick.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
        await pilot.press("P", "enter")
        sick.feed.add(events.StateChanged(45, "paused"))
        await until(pilot, lambda: ASK in shown(app) and "overfitting" in shown(app))
        await pilot.press("y")  # not before it is revealed
        assert not begun
        await pilot.press("enter")
        await until(pilot, lambda: "Use a smaller network." in shown(app))
        await pilot.press("y")
        await until(pilot, lambda: "at work" in shown(app))
        (attempt,) = begun
        dropout, smaller = attempt.remedies
        nothing = Trial(dropout, False, "refuted", "val/loss", (0.1,) * 4, 0.1, 0, 4, None, "overfitting", 70)
        proved = Trial(smaller, True, "confirmed", "val/loss", (-0.4,) * 4, -0.4, 4, 4, 80, "learning", 120)
        untouched = SimpleNamespace(verdict="overfitting", values={"val/loss": 0.9})
        attempt.found, attempt.busy = Proved(attempt.finding, 45, 25, untouched, (proved, nothing)), False
        await until(pilot, lambda: "confirmed  4 of 4 seeds" in shown(app))
        assert "untouched: val/loss 0.9, ends overfitting" in shown(app)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, Presenter) and len(sick.opened) == 2)
        sick.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 5))
        assert sick.opened[1][1] == {"train.batch_size": 64}
        noted = [sent.text for sent in sick.feed.sent if isinstance(sent, commands.Remark) and sent.kind == "trial"]
        assert noted and "confirmed" in noted[0] and "step 45 of the run before" in noted[0]
        await until(pilot, lambda: "loss" in shown(app) and "smaller" not in shown(app))
