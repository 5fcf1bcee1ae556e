"""Named tests in the lab: chosen, at work, read, written into the journal, and never in the way of the run."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nnlab.client.experiment import ExperimentError
from nnlab.errors import UserError
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.tests import OutcomeScreen
from nnlab.ui.session import Session
from nnlab.wire import commands, events
from nnlab.wire.experiments import Check, Comparison, Course, OverfitBatch, Result, Trial

pytestmark = pytest.mark.slow

FITS = OverfitBatch(True, "", "One batch is learned by heart.", 32, 0.7, (Trial(0.1, 32, True, 1.0, (0.7, 0.1)),), ())
NOISE = Comparison(
    "nothing to learn", False, "label-noise", "Learned no better.", 0.7, (Course("true labels", (0, 20), (0.7, 0.7)),),
    (Check("labels-match-inputs", "wrong", "labels look random"),),
)  # fmt: skip


class Made:
    """Stands for an experiment: waits until it is let go, then answers or fails."""

    def __init__(self, answer: Result | Exception) -> None:
        self.answer = answer
        self.asked: tuple[str, dict[str, Any]] = ("", {})
        self.let_go = threading.Event()
        self.cancelled = False

    def __call__(self, name: str, **more: Any) -> "Made":
        self.asked = (name, more)
        return self

    def perform(self, tell: Callable[[str], None]) -> Result:
        tell("lr 0.1: fits")
        self.let_go.wait(30)
        if self.cancelled:
            raise ExperimentError("killed")
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def cancel(self) -> None:
        self.cancelled = True
        self.let_go.set()


@pytest.fixture
def lab(story, info, frame, monkeypatch) -> Iterator[Callable[[Made], Any]]:
    """A lab after 20 steps and one knob turn, with a made-up experiment."""
    made: list[Made] = []

    def open_lab(experiment: Made) -> Any:
        made.append(experiment)
        monkeypatch.setattr(story, "session", lambda: Session(story.feed, experiment=experiment))
        turned = events.KnobTurned(10, "lr", 0.1, 0.2, 0.2, "user", 0)
        story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), turned, frame(0, 20))
        return story.app()

    yield open_lab
    for experiment in made:
        experiment.let_go.set()


def ready(app: Any) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, LabScreen) and app.screen.session.step == 20


def shown(app: Any) -> str:
    return "\n".join(str(text.render()) for text in app.screen.query("Static"))


def sent(story: Any, kind: type) -> list[Any]:
    return [command for command in story.feed.sent if isinstance(command, kind)]


def noted(story: Any) -> list[tuple[str, int]]:
    return [(remark.text, remark.step) for remark in sent(story, commands.Remark) if remark.kind == "test"]


async def test_a_test_begins_from_the_state_and_ends_in_journal_and_diagnosis(lab, story, until) -> None:
    made = Made(FITS)
    app = lab(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, ready(app))
        await pilot.press("t", "1")
        await until(pilot, lambda: isinstance(app.screen, OutcomeScreen))
        await until(pilot, lambda: bool(sent(story, commands.Save)))
        save = sent(story, commands.Save)[0]
        assert Path(save.path).parent.is_dir()
        story.feed.add(events.Saved(22, save.id))
        await until(pilot, lambda: "lr 0.1: fits" in shown(app))
        assert "running…" in shown(app)
        assert made.asked == ("overfit-batch", {"start": save.path})
        await pilot.press("escape")
        assert isinstance(app.screen, LabScreen)
        made.let_go.set()
        await until(pilot, lambda: bool(noted(story)))
        assert noted(story) == [("one-batch test: fits", 22)]
        assert not Path(save.path).parent.exists()
        story.feed.add(events.Marked(22, "test", "one-batch test: fits"))
        panel = app.screen.query_one(DiagnosisPanel)
        await until(pilot, lambda: panel.view.tests == ("one-batch test: fits, at step 22",))
        await pilot.press("t")
        listed = app.screen.query_one("OptionList")
        assert "fits (step 22)" in str(listed.get_option_at_index(0).prompt)
        await pilot.press("enter")
        await until(pilot, lambda: "FITS" in shown(app))
        assert "One batch is learned by heart." in shown(app)
        assert len(sent(story, commands.Save)) == 1


async def test_what_is_wrong_is_told_with_what_to_do(lab, story, until) -> None:
    made = Made(NOISE)
    made.let_go.set()
    app = lab(made)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, ready(app))
        await pilot.press("t", "5")
        await until(pilot, lambda: isinstance(app.screen, OutcomeScreen) and "NOTHING TO LEARN" in shown(app))
        assert made.asked == ("label-shuffle", {"knobs": {"lr": 0.2}})
        for words in ("label-noise", "What to do, in this order", "WRONG labels look random", "true labels"):
            assert words.lower() in shown(app).lower()
        assert noted(story) == [("label shuffle: nothing to learn (label-noise)", 20)]


async def test_the_run_is_done_again_with_its_turns(lab, until) -> None:
    made = Made(FITS)
    app = lab(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, ready(app))
        await pilot.press("t", "6")
        await until(pilot, lambda: made.asked[0] != "")
        assert made.asked == ("replay-batches", {"steps": 20, "turns": [(10, "lr", 0.2)]})
        await pilot.press("c")
        await until(pilot, lambda: "Cancelled." in shown(app))
        assert made.cancelled


async def test_an_error_is_one_message_and_can_be_tried_again(lab, story, until) -> None:
    made = Made(UserError("torch is not installed"))
    made.let_go.set()
    app = lab(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, ready(app))
        await pilot.press("t", "4")
        await until(pilot, lambda: isinstance(app.screen, OutcomeScreen) and "torch is not installed" in shown(app))
        assert noted(story) == []
        made.answer = NOISE
        await pilot.press("r")
        await until(pilot, lambda: "NOTHING TO LEARN" in shown(app))


async def test_a_state_that_cannot_be_written_is_told(lab, story, until) -> None:
    app = lab(Made(FITS))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, ready(app))
        await pilot.press("t", "3")
        await until(pilot, lambda: bool(sent(story, commands.Save)))
        story.feed.add(events.Saved(20, sent(story, commands.Save)[0].id, "/tmp/x: No space left on device"))
        await until(pilot, lambda: "No space left on device" in shown(app))


async def test_leaving_ends_the_test_at_work(lab, until) -> None:
    made = Made(FITS)
    app = lab(made)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, ready(app))
        await pilot.press("t", "7")
        await until(pilot, lambda: made.asked[0] != "")
        await pilot.press("escape", "q")
    assert made.cancelled
