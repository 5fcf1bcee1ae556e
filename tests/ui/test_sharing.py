"""Pictures and reports from the lab: where they go, what they are called, and that nothing is overwritten."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from textual.binding import Binding

from nnlab.errors import UserError
from nnlab.ui.mystery.screen import PLAYED_WITH
from nnlab.ui.screens.lab_keys import LAB_KEYS
from nnlab.ui.sharing import keep
from nnlab.wire import events
from nnlab.wire.values import RunInfo

Until = Callable[..., Awaitable[None]]


async def test_keys_keep_the_screen_and_the_report_under_names_of_their_own(
    story,
    info: RunInfo,
    frame: Callable[..., events.Frame],
    until: Until,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NNLAB_OUT", str(tmp_path / "kept"))
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        story.feed.add(events.RunStarted(replace(info, run_file="")), frame(0, 40), events.StateChanged(40, "paused"))
        await until(pilot, lambda: app.session is not None and app.session.step == 40)
        for name in ("moons-step-40.svg", "moons-step-40-2.svg"):
            await pilot.press("f")
            await until(pilot, (tmp_path / "kept" / name).is_file)
        await pilot.press("R")
        await until(pilot, (tmp_path / "kept" / "moons-step-40.html").is_file)
    first, second = (tmp_path / "kept" / name for name in ("moons-step-40.svg", "moons-step-40-2.svg"))
    for picture in (first, second):
        text = picture.read_text(encoding="utf-8")
        shown = "".join(Xml.fromstring(text).itertext()).replace("\xa0", " ")
        assert "Two moons" in shown
        assert "picture saved" not in shown
        assert "url(http" not in text
    assert "Two moons" in (tmp_path / "kept" / "moons-step-40.html").read_text(encoding="utf-8")


def test_nothing_is_overwritten_and_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    assert [keep(tmp_path, "a", ".svg", text).name for text in "xy"] == ["a.svg", "a-2.svg"]
    assert (tmp_path / "a.svg").read_text() == "x"
    with pytest.raises(UserError, match="cannot write"):
        keep(tmp_path / "a.svg", "b", ".svg", "")


def test_the_report_waits_for_the_end_of_a_mystery() -> None:
    """A screen that hides something is asked before any of its keys does anything."""
    actions = {binding.action for binding in LAB_KEYS if isinstance(binding, Binding)}
    assert {action for action in actions if action.startswith("app.")} == {"app.focus_next", "app.focus_previous"}
    assert "report" in actions - PLAYED_WITH
