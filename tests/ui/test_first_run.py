"""The hint of the first run is shown once."""

from pathlib import Path

import pytest

from nnlab.ui.first_run import first_time


def test_only_the_first_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert [first_time(), first_time()] == [True, False]


def test_never_where_it_cannot_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert not first_time()


async def test_three_keys_stand_on_the_screen(story, info, until, tmp_path, monkeypatch) -> None:
    from nnlab.wire import events

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    story.feed.add(events.RunStarted(info))
    app = story.app()
    app.greets = True
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: [note.title for note in app._notifications] == ["your first run"])
        assert (tmp_path / "nnlab" / "greeted").exists()
