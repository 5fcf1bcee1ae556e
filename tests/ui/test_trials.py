"""Trials in the lab: begun, at work, read, adopted, called off, and remembered. The forks themselves are made up."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnlab.diagnosis.attending import Attending
from nnlab.diagnosis.finding import Diagnosis, Finding, Remedy
from nnlab.errors import UserError
from nnlab.telemetry.history import History
from nnlab.trials import ledger
from nnlab.trials.engine import CalledOffError
from nnlab.trials.fork import Fork
from nnlab.trials.judge import Proof, Trial
from nnlab.trials.prove import Proved
from nnlab.trials.separate import Effect, Separated
from nnlab.ui import trials
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.trials import TrialScreen
from nnlab.ui.session import Session
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow

LR = Remedy("a rate of 0.01", ({"turn": "lr", "to": 0.01},), 1)
INIT = Remedy("begin again", ({"action": "restart", "set": {"model.init": "he"}},), 2)
DROP = Remedy("drop some", ({"turn": "dropout", "to": 0.5},), 3)
FINDING = Finding("plateau", "warning", 0.9, 10, 10, None, "Nothing moves.", remedies=(LR, INIT, DROP))

SCENARIO = """
data = { kind = "moons" }
model = { kind = "mlp", hidden = [8] }
objective = { kind = "cross_entropy" }
train = { steps = 100 }
"""


class Sees:
    """A plateau, at every look."""

    def look(self, history: History) -> Diagnosis:
        return Diagnosis(history.step, "plateau", FINDING, (FINDING,), (FINDING,))

    def copy(self) -> "Sees":
        return self


def trial(remedy: Remedy, proof: Proof, effect: float, confirmed: int, seeds: int = 4) -> Trial:
    anew = "set" in remedy.commands[0]
    return Trial(remedy, anew, proof, "val/loss", (effect,) * seeds, effect, confirmed, seeds, 40, "learning", 130)


def proved(*of: Trial) -> Proved:
    return Proved(FINDING, 20, 30, Fork(0, 50, "plateau", None, {"val/loss": 0.69}), of)


FIRST = proved(trial(LR, "too early", -0.1, 0, 1))
LAST = proved(trial(INIT, "confirmed", -0.5, 4), trial(LR, "confirmed", -0.1, 3), trial(DROP, "refuted", 0.2, 0))
SEPARATED = Separated(
    20, 30, "val/loss", 0.69, "plateau",
    (Effect("dropout", 0.0, 0.5, (0.2,) * 4, 0.2, "plateau"), Effect("lr", 0.1, 0.2, (-0.1,) * 4, -0.1, "learning")),
    Effect("", "", "", (0.05,) * 4, 0.05, "plateau"),
)  # fmt: skip


PATIENCE = 3000
"""Looks at whether they are called off: a test that fails must not wait for them for ever."""


class MadeUp:
    """Stands for the forks: each `step` lets one more thing be said, until they are called off."""

    def __init__(self, *told: Any) -> None:
        self.told, self.let_go, self.arguments = told, threading.Semaphore(0), ()
        self.called_off = threading.Event()

    def __call__(self, *arguments: Any) -> Iterator[Any]:
        self.arguments = arguments
        watching = arguments[-1]
        watching.share(0, 0, 0.5)
        for one in self.told:
            for _ in range(PATIENCE):
                if self.let_go.acquire(timeout=0.01):
                    break
                if watching.called_off():
                    self.called_off.set()
                    raise CalledOffError
            if isinstance(one, Exception):
                raise one
            yield one

    def step(self) -> None:
        self.let_go.release()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("NNLAB_REMEDIES", str(tmp_path / "remedies.json"))
    return tmp_path / "remedies.json"


@pytest.fixture
def lab(story, info, frame, monkeypatch, store) -> Callable[[MadeUp], Any]:
    """A lab after 20 steps; two knobs were turned at once."""

    def open_lab(forks: MadeUp) -> Any:
        monkeypatch.setattr(trials, "proving", forks)
        monkeypatch.setattr(trials, "separating", forks)
        doctor = lambda about: Attending(about, lambda _: Sees())  # noqa: E731
        monkeypatch.setattr(story, "session", lambda: Session(story.feed, doctor=doctor))
        turns = [
            events.KnobTurned(12, *told, "user", 0) for told in (("lr", 0.1, 0.2, 0.2), ("dropout", 0.0, 0.5, 0.5))
        ]
        begun = replace(info, scenario_toml=SCENARIO)
        story.feed.add(events.RunStarted(begun), events.StateChanged(0, "running"), *turns, frame(0, 20))
        return story.app()

    return open_lab


def shown(app: Any) -> str:
    table = app.screen.query_one("OptionList")
    rows = [str(table.get_option_at_index(at).prompt) for at in range(table.option_count)]
    return "\n".join([*(str(text.render()) for text in app.screen.query("Static")), *rows])


def sent(story: Any, *kinds: type) -> list[Any]:
    return [command for command in story.feed.sent if isinstance(command, kinds)]


def noted(story: Any) -> list[tuple[str, int]]:
    return [(remark.text, remark.step) for remark in sent(story, commands.Remark) if remark.kind == "trial"]


async def begin(app: Any, story: Any, pilot: Any, until: Any, key: str = "y") -> None:
    """Open the screen of trials; the engine writes its state."""
    await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, TrialScreen))
    if key == "y":
        await until(pilot, lambda: bool(sent(story, commands.Save)))
        save = sent(story, commands.Save)[-1]
        story.feed.add(events.Saved(20, save.id))


async def test_remedies_are_tried_told_and_the_winner_begins_a_branch(lab, story, store, until) -> None:
    forks = MadeUp(FIRST, LAST)
    app = lab(forks)
    async with app.run_test(size=(120, 40)) as pilot:
        await begin(app, story, pilot, until)
        await until(pilot, lambda: "12 %" in shown(app))
        ground, finding, remedies, seeds, _ = forks.arguments
        assert (ground.step, finding, remedies, seeds) == (20, FINDING, (LR, INIT, DROP), 4)
        assert "The run itself goes on untouched, at step 20." in shown(app)
        forks.step()
        await until(pilot, lambda: "0 of 1 seed" in shown(app))
        assert "untouched: val/loss 0.69, ends plateau" in shown(app)
        forks.step()
        await until(pilot, lambda: bool(noted(story)) and "r tries again" in shown(app))
        table = app.screen.query_one("OptionList")
        assert [table.get_option_at_index(at).id for at in range(3)] == ["1", "0", "2"]
        assert "✓ confirmed  4 of 4 seeds  val/loss −0.5  ends learning" in shown(app)
        assert ledger.counts(store) == {"plateau": {"model.init=he": (1, 1), "lr": (1, 1), "dropout": (0, 1)}}
        told = noted(story)
        assert told[1] == ("lr → 0.01: confirmed, 3 of 4 seeds, val/loss −0.1", 20)
        del story.feed.sent[:]
        await pilot.press("down", "enter")
        assert isinstance(app.screen, LabScreen)
        steering = sent(story, commands.Pause, commands.Rewind, commands.Turn, commands.Resume)
        turn = next(command for command in steering if isinstance(command, commands.Turn))
        assert steering == [commands.Pause(), commands.Rewind(20), turn, commands.Resume()]
        assert (turn.knob, turn.value, turn.source) == ("lr", 0.01, "remedy")
        assert noted(story) == told


async def test_the_diagnosis_tells_what_was_tried_and_what_worked(lab, story, store, frame, until) -> None:
    ledger.note(store, "plateau", [trial(DROP, "confirmed", -0.1, 4)] * 5)
    app = lab(MadeUp())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.diagnosis is not None)
        panel = app.screen.query_one(DiagnosisPanel)
        await until(pilot, lambda: bool(panel.view.remedies))
        assert [(remedy.text, remedy.key, remedy.worked) for remedy in panel.view.remedies] == [
            ("drop some", "1", "worked 5 of 5 times here"), ("a rate of 0.01", "2", ""), ("begin again", "3", ""),
        ]  # fmt: skip
        for text in ("lr → 0.01: refuted", "model.init = he: confirmed"):
            story.feed.add(events.Marked(20, "trial", text))
        story.feed.add(frame(20, 40), events.StateChanged(40, "paused"))
        await until(pilot, lambda: len(panel.view.tried) == 2)
        assert panel.view.tried[1] == "model.init = he: confirmed, from step 20"


async def test_a_winner_that_begins_again_does_so_at_once(lab, story, until) -> None:
    forks = MadeUp(LAST)
    app = lab(forks)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, story, pilot, until)
        forks.step()
        await until(pilot, lambda: "r tries again" in shown(app))
        await pilot.press("down", "down", "enter")
        assert isinstance(app.screen, TrialScreen), "what was refuted is not adopted"
        await pilot.press("home", "enter")
        await until(pilot, lambda: len(story.opened) == 2)
        assert story.opened[1] == ("moons", {"model.init": "he"})
        proof = "model.init = he: confirmed, 4 of 4 seeds, val/loss −0.5 (at step 20 of the run before)"
        await until(pilot, lambda: noted(story)[-1] == (f"restart with {proof}", 0))


async def test_escape_calls_it_off_and_leaves_the_run_alone(lab, story, store, until) -> None:
    forks = MadeUp(FIRST, LAST)
    app = lab(forks)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, story, pilot, until)
        forks.step()
        await until(pilot, lambda: "0 of 1 seed" in shown(app))
        await pilot.press("escape")
        assert isinstance(app.screen, LabScreen)
        await until(pilot, lambda: forks.called_off.is_set() and app.screen.trials.busy is None)
        assert not sent(story, commands.Rewind, commands.Turn, commands.Pause) and not noted(story)
        assert ledger.counts(store) == {}


async def test_leaving_the_lab_calls_it_off(lab, story, until) -> None:
    forks = MadeUp(LAST)
    app = lab(forks)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, story, pilot, until)
        await until(pilot, lambda: bool(forks.arguments))
        await pilot.press("ctrl+c")
    assert forks.called_off.wait(30)


async def test_an_error_is_one_message_and_can_be_tried_again(lab, story, until) -> None:
    forks = MadeUp(UserError("no engine can be started"), LAST)
    app = lab(forks)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, story, pilot, until)
        forks.step()
        await until(pilot, lambda: "no engine can be started" in shown(app))
        forks.told = (LAST,)
        await pilot.press("r")
        await until(pilot, lambda: len(sent(story, commands.Save)) == 2)
        story.feed.add(events.Saved(20, sent(story, commands.Save)[1].id))
        forks.step()
        await until(pilot, lambda: "r tries again" in shown(app) and "4 of 4 seeds" in shown(app))


async def test_changes_are_separated_and_one_of_them_kept(lab, story, until) -> None:
    forks = MadeUp(SEPARATED)
    app = lab(forks)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin(app, story, pilot, until, "Y")
        forks.step()
        await until(pilot, lambda: "r separates them again" in shown(app))
        for words in ("dropout 0.0 → 0.5 did most", "✗ worse", "4 of 4 seeds  val/loss +0.2", "all of them together"):
            assert words in shown(app)
        assert [turn.knob for turn in forks.arguments[1]] == ["lr", "dropout"]
        await pilot.press("down", "enter")
        turn = sent(story, commands.Turn)[0]
        assert (turn.knob, turn.value) == ("lr", 0.2)
        assert sent(story, commands.Rewind) == [commands.Rewind(12)]
