"""The hint of the first run is shown once, and goes at a key."""

from pathlib import Path

import pytest

from nnlab.ui.app import LabApp
from nnlab.ui.first_run import first_time
from nnlab.ui.screens.lab import LabScreen
from nnlab.wire import commands, events


def test_only_the_first_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert [first_time(), first_time()] == [True, False]


def test_never_where_it_cannot_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert not first_time()


@pytest.fixture
def greeting(story, info, frame, tmp_path, monkeypatch) -> LabApp:
    """A lab that is opened for the first time."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    app = story.app()
    app.greets = True
    return app


def told(app: LabApp) -> list[str]:
    return [note.title for note in app._notifications]


async def test_three_keys_stand_on_the_screen_until_escape(greeting, story, until, tmp_path) -> None:
    async with greeting.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: told(greeting) == ["your first run"])
        assert (tmp_path / "nnlab" / "greeted").exists()
        await pilot.press("space")
        assert commands.Pause() in story.feed.sent
        assert told(greeting) == ["your first run"]
        await pilot.press("escape")
        assert told(greeting) == []
        greeting.notify("later", title="later")
        await pilot.press("escape")
        assert told(greeting) == ["later"]


async def test_the_key_that_closes_it_still_does_what_it_does(greeting, story, until) -> None:
    async with greeting.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: told(greeting) == ["your first run"])
        await pilot.press("n", "4", "enter")
        assert told(greeting) == []
        await until(pilot, lambda: isinstance(greeting.screen, LabScreen))
        assert commands.Run(4) in story.feed.sent
