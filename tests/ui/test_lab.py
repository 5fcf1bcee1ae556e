"""Stories in the lab, told by a scripted engine."""

import subprocess
import sys

import pytest
from textual.binding import Binding
from textual.widgets import Input

from nnlab.errors import UserError
from nnlab.ui.app import LabApp
from nnlab.ui.controls.slider import Slider
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.status import StatusLine
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.lab import LabScreen
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow


@pytest.fixture
def running(story, info, frame):
    """The engine has trained 20 steps."""
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    return story


def on_lab(app: LabApp, step: int = 20):
    """Whether the lab shows this step."""
    return lambda: (
        isinstance(app.screen, LabScreen)
        and app.screen.is_mounted
        and app.screen.query_one(StatusLine).view.position.split()[:1] == [str(step)]
        and len(app.screen.query(Slider)) > 0
    )


async def test_space_pauses_and_the_footer_follows(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        keys = app.screen.query_one(KeyBar)
        assert ("space", "space", "pause") in keys.keys
        await pilot.press("space")
        assert running.feed.sent[-1] == commands.Pause()
        running.feed.add(events.StateChanged(20, "paused"))
        await until(pilot, lambda: ("space", "space", "go on") in keys.keys)
        await pilot.press("s", "e", "space")
        assert running.feed.sent[-3:] == [commands.Run(1), commands.Evaluate(), commands.Resume()]


async def test_the_story_can_be_read_at_any_time(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("i")
        await until(pilot, lambda: type(app.screen).__name__ == "Reading")
        told = "".join(str(text.render()) for text in app.screen.query("Static"))
        assert "A line cannot part them." in told
        await pilot.press("i")
        assert isinstance(app.screen, LabScreen)


async def test_the_finding_is_explained_from_the_encyclopaedia(running, until, frame) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        assert "explain" not in {does for _, _, does in app.screen.query_one(KeyBar).keys}
        running.feed.add(frame(20, 45))
        await until(pilot, lambda: app.screen.query_one(DiagnosisPanel).view.mode == "overfitting")
        for keys in (("x",), ("d", "enter")):
            await pilot.press(*keys)
            await until(pilot, lambda: type(app.screen).__name__ == "Reading")
            told = "".join(str(text.render()) for text in app.screen.query("Static"))
            assert "What it looks like" in told
            assert "nnlab overfitting" in told
            await pilot.press("escape")


async def test_a_number_of_steps_is_asked_for(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("n")
        assert app.screen.query_one(Input).value == "100"
        await pilot.press("end", "0", "enter")
        await until(pilot, on_lab(app))
        assert running.feed.sent[-1] == commands.Run(1000)


async def test_a_slider_moves_when_the_engine_says_so(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("k", "right")
        asked = running.feed.sent[-1]
        slider = app.screen.query(Slider).first()
        assert (asked.knob, asked.source, slider.value) == ("lr", "user", 0.1)
        running.feed.add(events.KnobTurned(21, "lr", 0.1, asked.value, asked.value, "user", asked.id))
        await until(pilot, lambda: slider.value == asked.value)
        running.feed.add(events.KnobRefused(22, "lr", 99.0, "lr is at most 10"))
        await until(pilot, lambda: any("refused" in row.text for row in app.screen.query_one("#journal").view.rows))
        assert slider.value == asked.value


async def test_a_remedy_turns_its_knobs_and_a_restart_is_asked_about(running, until, frame) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("1")
        assert not running.feed.sent
        running.feed.add(frame(20, 45))
        await until(pilot, lambda: app.screen.query_one(DiagnosisPanel).view.mode == "overfitting")
        await pilot.press("1")
        turned = running.feed.sent[-1]
        assert (turned.knob, turned.value, turned.source) == ("dropout", 0.3, "remedy")
        await pilot.press("2", "n")
        assert len(running.opened) == 1
        await pilot.press("2", "y")
        await until(pilot, lambda: len(running.opened) == 2)
        assert running.opened[1] == ("moons", {"train.batch_size": 64})


async def test_a_lost_engine_is_a_message_and_can_be_started_again(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        running.feed.add(events.EngineLost(-9, "the log"))
        await until(pilot, lambda: type(app.screen).__name__ == "Trouble")
        await pilot.press("escape")
        assert isinstance(app.screen, LabScreen)
        assert ("space", "space", "pause") not in app.screen.query_one(KeyBar).keys
        await pilot.press("r")
        await until(pilot, lambda: len(running.opened) == 2)


async def test_a_broken_scenario_is_told_and_the_status_says_so(story, until) -> None:
    def starter(target, settings):
        raise UserError("there is no scenario named 'mons'")

    app = LabApp("mons", starter)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: type(app.screen).__name__ == "Problems")
        assert app.unopened is not None
        await pilot.press("q")


async def test_a_small_terminal_shows_one_view_and_a_tiny_one_says_so(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on_lab(app))
        assert app.screen.query_one("#loss").display
        assert not app.screen.query_one("#gradient").display
        await pilot.press("v")
        assert app.screen.query_one("#gradient").display
        await pilot.resize_terminal(50, 12)
        await until(pilot, lambda: type(app.screen).__name__ == "TooSmall")
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: isinstance(app.screen, LabScreen))
        assert app.screen.query_one("#loss").display


async def test_nothing_is_painted_while_nothing_happens(running, until, monkeypatch) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        running.feed.add(events.StateChanged(20, "paused"))
        await until(pilot, lambda: on_lab(app)() and app.screen.session.state == "paused")
        await pilot.pause(0.3)
        painted = []
        original = Body.paint

        async def count(body, session, **how):
            painted.append(body)
            await original(body, session, **how)

        monkeypatch.setattr(Body, "paint", count)
        await pilot.pause(0.3)
        assert painted == []


async def test_help_and_palette_list_every_key_that_works(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        told = {command.title for command in app.get_system_commands(app.screen)}
        assert {"pause", "step", "restart", "gallery", "quit", "theme", "help", "enlarge"} <= told
        await pilot.press("question_mark")
        assert type(app.screen).__name__ == "Help"
        await pilot.press("escape", "m")
        assert app.screen.maximized is not None
        await pilot.press("m")
        assert app.screen.maximized is None


def test_every_binding_of_the_lab_says_what_it_does() -> None:
    import importlib
    import pkgutil

    import nnlab.ui

    found = 0
    for module in pkgutil.walk_packages(nnlab.ui.__path__, "nnlab.ui."):
        for owner in vars(importlib.import_module(module.name)).values():
            if not isinstance(owner, type) or not owner.__module__.startswith("nnlab.ui"):
                continue
            for binding in owner.__dict__.get("BINDINGS", ()):
                assert isinstance(binding, Binding), (owner, binding)
                assert binding.description, (owner, binding)
                assert binding.tooltip, (owner, binding)
                found += 1
    assert found > 30


def test_the_lab_imports_neither_torch_nor_the_engine() -> None:
    code = (
        "import sys, importlib, nnlab.ui.app, nnlab.ui.start, nnlab.ui.screens.lab, nnlab.ui.screens.gallery\n"
        "bad = [name for name in sys.modules if name == 'torch' or name.startswith(('nnlab.engine', 'nnlab.data'))]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_app_alone_imports_nothing_heavy() -> None:
    code = (
        "import sys, nnlab.ui.app\n"
        "bad = [name for name in ('numpy', 'pydantic', 'plotext', 'nnlab.ui.screens.lab') if name in sys.modules]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


async def test_the_mouse_presses_keys_picks_views_and_applies_remedies(running, until, frame) -> None:
    app = running.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.click(KeyBar, offset=(3, 0))
        assert running.feed.sent[-1] == commands.Pause()
        await pilot.click("ViewTabs", offset=(10, 0))
        assert app.screen.query_one("#gradient").display
        running.feed.add(frame(20, 45))
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: len(app.screen.query("RemedyRow")) == 3)
        await pilot.pause()
        await pilot.click(app.screen.query("RemedyRow").first())
        assert running.feed.sent[-1].source == "remedy"


async def test_the_gallery_opens_what_is_searched_for(story, until) -> None:
    app = story.app(target=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: type(app.screen).__name__ == "Gallery" and app.screen.focused is not None)
        await pilot.press("slash", *"collapse", "enter")
        await until(pilot, lambda: len(story.opened) == 1)
        assert "collapse" in story.opened[0][0]


async def test_an_end_while_the_gallery_opens_is_a_quiet_one(running, until, monkeypatch) -> None:
    app = running.app()

    def entries():
        app.call_from_thread(app.exit, 143, 143)
        return []

    monkeypatch.setattr("nnlab.scenario.catalog.entries", entries)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("g")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 143


async def test_a_key_goes_round_the_themes(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on_lab(app))
        seen = [app.theme]
        while app.theme not in seen[:-1]:
            await pilot.press("T")
            seen.append(app.theme)
        assert {"harbour", "paper", "contrast"} <= set(seen)
        assert seen[0] == seen[-1] == "harbour"


async def test_the_gallery_opens_a_file_by_its_path(story, until) -> None:
    app = story.app(target=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: type(app.screen).__name__ == "Gallery" and app.screen.focused is not None)
        await pilot.press("o", *"mine", "enter")
        await until(pilot, lambda: len(story.opened) == 1)
        assert story.opened[0][0] == "./mine"
