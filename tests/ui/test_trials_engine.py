"""A trial in the lab with real engines: the winner goes on, on a branch, from the state in which it was proved."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from frozen import frozen
from textual.widgets import Static

from nnlab.client.runtime import engines
from nnlab.runs.reader import RunFile
from nnlab.ui import trials
from nnlab.ui.app import LabApp
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.trials import TrialScreen
from nnlab.ui.start import Options, replayed, start
from nnlab.ui.views.diagnosis import diagnosis

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Private folders with a scenario; one remedy, one order of the batches."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(trials, "TRIES", 1)
    monkeypatch.setattr(trials, "SEEDS", 1)
    (tmp_path / "frozen.toml").write_text(frozen("steps = 600"))
    return tmp_path


async def until(pilot: Any, condition: Callable[[], bool]) -> None:
    """Let the app work until a condition holds: engines take as long as they take."""
    for _ in range(10_000):
        await pilot.pause(0.02)
        if condition():
            return
    raise AssertionError(f"it never came; the screen: {pilot.app.screen}")


async def test_a_remedy_is_tried_and_adopted(home: Path) -> None:
    scenario, file = str(home / "frozen.toml"), home / "lab.nnlab"
    app = LabApp(scenario, lambda target, settings: start(target, settings, Options("cpu", str(file))))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and app.screen.session.state == "finished")
        lab = app.screen
        assert isinstance(lab, LabScreen)
        session = lab.session
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, TrialScreen))
        attempt = lab.trials.busy
        assert attempt is not None
        keys = app.screen.query_one("#keys", Static)
        await until(pilot, lambda: "r tries again" in str(keys.render()))
        assert attempt.error == ""
        assert len(list(engines())) == 1
        best = attempt.found.trials[0]
        assert (best.proof, best.confirmed, best.seeds) == ("confirmed", 1, 1)
        await pilot.press("enter")
        seen = 600 + attempt.horizon
        await until(pilot, lambda: session.step == seen and session.state == "finished")
        assert session.diagnosis.verdict == best.verdict
        assert session.history.branch == 1
        await pilot.press("q")
    app.end()
    assert list(engines()) == []
    with RunFile(file) as run:
        assert run.done(branch=0) == 600
        assert [(turn.step, turn.source) for turn in run.events("knob")] == [(600, "remedy")]
        assert run.done() == seen
    again = replayed(str(file), 0)
    while again.state != "finished":
        again.advance()
    (said,) = diagnosis(again).tried
    assert "confirmed, 1 of 1 seed, val/loss −" in said and said.endswith("from step 600")
    again.close()
