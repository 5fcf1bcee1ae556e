"""The command palette has everything that a key does, on every screen and from every panel."""

import pytest

from nnlab.ui.controls.slider import Slider
from nnlab.ui.messages import ToGallery
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.screens.gallery import Gallery
from nnlab.ui.screens.help import Help
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.subjects import subject_of
from nnlab.wire import events

pytestmark = pytest.mark.slow


@pytest.fixture
def running(story, info, frame):
    """The engine has trained 45 steps, and the run overfits."""
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 45))
    return story


def told(app) -> list[str]:
    """Names in the palette."""
    return [command.title for command in app.get_system_commands(app.screen)]


def doable(app, *nodes) -> set[str]:
    """What the keys of these nodes do now, in the words of the footer."""
    found = ((binding, node) for node in nodes for _, binding in node._bindings if binding.tooltip)
    return {binding.description for binding, node in found if app._check_action_state(binding.action, node)}


def on_lab(app):
    """Whether the diagnosis of the run has come."""
    return lambda: (
        isinstance(app.screen, LabScreen)
        and bool(app.screen.query(Slider))
        and app.screen.query_one(DiagnosisPanel).view.mode == "overfitting"
    )


async def test_whatever_has_the_focus_all_that_keys_do_is_there_once(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        screen = app.screen
        wanted = doable(app, app, screen, *screen.query(ChartPanel)) - {"commands"}
        assert {"pause", "zoom", "log axis", "theme", "quit", "explain"} <= wanted
        for widget in (None, *screen.focus_chain):
            screen.set_focus(widget)
            names = told(app)
            assert len(names) == len(set(names))
            assert wanted <= {name.partition(" (")[0] for name in names}, widget
            assert {"go to gradient norm", "go to journal", "go to dropout"} <= set(names)


async def test_a_command_of_another_panel_goes_there(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("ctrl+p", *"log axis")
        await pilot.pause()
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and isinstance(app.screen.focused, ChartPanel))


async def test_the_gallery_and_what_stands_over_a_screen(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        assert doable(app, app.screen) == set(told(app)) == {"close"}
        app.post_message(ToGallery())
        await until(pilot, lambda: isinstance(app.screen, Gallery) and app.screen.focused is not None)
        assert subject_of(app.screen.focused).about == Gallery.HELP
        assert {"open", "edit a copy", "theme"} <= doable(app, app.screen, app) - {"commands"} <= set(told(app))


async def test_help_scrolls_by_keys_in_a_small_terminal(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, on_lab(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help) and app.screen.focused is not None)
        page = app.screen.focused
        await pilot.press("end")
        await until(pilot, lambda: page.scroll_offset.y == page.max_scroll_y > 0)
        assert app.screen.query(".mouse").first().region.bottom <= page.region.bottom
