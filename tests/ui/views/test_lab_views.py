"""The views of the lab: asked for only while they can be seen, told as the engine answered."""

from array import array
from dataclasses import replace

import pytest

from nnlab.client.live import LiveFeed
from nnlab.scenario.load import load_text
from nnlab.ui.app import LabApp
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.surface_map import SurfaceMap
from nnlab.ui.explanations import LINES
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.tabs import ViewTabs
from nnlab.ui.panels.view import ViewPanel
from nnlab.ui.session import Session
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow

GRID = {"x": [-1, 1], "y": [-1, 1], "grid": [1, 0, 1, 0, 0, 1, 0, 1], "point_x": [0], "point_y": [0]}
MOONS = """
[data]
kind = "moons"
samples = 80
[model]
kind = "mlp"
hidden = [4]
[objective]
kind = "cross_entropy"
[train]
steps = 20
"""
REST = {"point_label": [1], "point_held": [0], "kind": [1]}


@pytest.fixture
def running(story, info, frame):
    """A problem with two inputs and two classes, after 20 steps."""
    run = replace(info, facts={"features": 2, "classes": 2})
    story.feed.add(events.RunStarted(run), events.StateChanged(0, "running"), frame(0, 20))
    return story


@pytest.fixture
def surface(inspected):
    """Makes the engine's answer to a request for the surface."""
    return lambda request, step=20: replace(inspected("surface", ("a", "b"), step=step, **GRID, **REST), id=request.id)


def asked(story) -> list[commands.Inspect]:
    return [command for command in story.feed.sent if isinstance(command, commands.Inspect)]


def shown(app: LabApp):
    """What the panel of views draws; None while there is none."""
    panels = app.screen.query(ViewPanel)
    return panels.first().view if panels else None


async def test_the_surface_is_asked_for_once_until_answered_and_then_drawn(running, until, frame, surface) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: asked(running))
        running.feed.add(frame(20, 30))
        await pilot.pause(0.1)
        (request,) = asked(running)
        assert (request.what, request.layer) == ("surface", "")
        running.feed.add(surface(request))
        await until(pilot, lambda: isinstance(shown(app), SurfaceMap))
        assert shown(app).aside == "step 20"


async def test_a_paused_run_is_looked_at_once_at_its_step(running, until, surface) -> None:
    running.feed.add(events.StateChanged(20, "paused"))
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: asked(running))
        running.feed.add(surface(asked(running)[0]))
        await until(pilot, lambda: isinstance(shown(app), SurfaceMap))
        app.screen.session.inspections._round = float("-inf")  # as if much time had passed
        await pilot.pause(0.1)
        assert len(asked(running)) == 1


async def test_v_turns_the_views_and_only_the_visible_one_asks(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: asked(running))
        running.feed.add(events.InspectionRefused(20, "surface", "no surface today", asked(running)[0].id))
        await until(pilot, lambda: "no surface today" in getattr(shown(app), "text", ""))
        await pilot.press("v")
        plot = app.screen.query_one("#plot", ChartPanel)
        assert plot.display
        assert not app.screen.query_one(ViewPanel).display
        await pilot.pause(0.1)
        assert len(asked(running)) == 1
        app.screen.session.inspections._round = float("-inf")
        await pilot.press("v")
        await until(pilot, lambda: [command.what for command in asked(running)] == ["surface", "confusion"])
        await pilot.press("V", "V")
        assert app.screen.query_one(ViewPanel).display


async def test_w_enlarges_the_view_and_v_still_turns_it(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(shown(app), Notice))
        await pilot.press("w")
        await until(pilot, lambda: app.screen.query_one(ViewPanel).size.width > 100)
        await pilot.press("v")
        await until(pilot, lambda: app.screen.query_one("#plot").size.width > 100)
        await pilot.press("w")
        await until(pilot, lambda: app.screen.query_one("#plot").size.width < 60)


async def test_a_small_terminal_turns_through_all_views_between_gradient_and_layers(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(
            pilot, lambda: len(app.screen.query(ViewTabs)) and "surface" in app.screen.query_one(ViewTabs).names
        )
        tabs, seen = app.screen.query_one(ViewTabs), []
        assert not asked(running)  # nobody sees it yet
        for _ in range(15):
            await pilot.press("v")
            seen.append(tabs.names[tabs.shown])
        assert seen[:5] == ["gradient", "surface", "distance from start", "confusion", "layers over time"]
        assert seen[-3:] == ["layers", "journal", "loss"]
        for _ in range(3):
            await pilot.press("V")
        assert tabs.names[tabs.shown] == "system"


async def test_help_explains_the_view_that_is_shown(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(shown(app), Notice))
        app.screen.query_one(ViewPanel).focus()
        await pilot.press("question_mark")
        await until(pilot, lambda: type(app.screen).__name__ == "Help")
        told = "".join(str(text.render()) for text in app.screen.query("Static"))
        assert LINES["surface"] in told
        assert "A shape in a region of another colour" in told


async def test_the_machine_is_looked_at_once_a_second_at_most_and_only_while_it_is_seen(running, until) -> None:
    app = running.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: asked(running))
        running.feed.add(events.InspectionRefused(20, "surface", "no", asked(running)[0].id))
        await until(pilot, lambda: getattr(shown(app), "text", "").startswith("Nothing to see"))
        app.screen.session.inspections._round = float("-inf")
        await pilot.press("V")
        await until(pilot, lambda: asked(running)[-1].what == "machine")
        answer = events.Inspected(20, "machine", ("processor", "clock", "memory"), (array("d", [1.0]),) * 3)
        count, before = len(asked(running)), app.screen.session.inspections._round
        running.feed.add(replace(answer, id=asked(running)[-1].id))
        await until(pilot, lambda: len(asked(running)) > count)
        assert app.screen.session.inspections._round - before >= 1.0


async def test_a_real_engine_draws_its_surface(until, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path))
    loaded = load_text(MOONS, "moons", tmp_path)
    app = LabApp("moons", lambda target, settings: Session(LiveFeed.start(loaded, seed=7)))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(shown(app), SurfaceMap) and shown(app).aside == "step 20")
        assert shown(app).grid.sum(axis=0) == pytest.approx(1.0)
        assert len(shown(app).point_x) == 80
        app.screen.session.stop()
