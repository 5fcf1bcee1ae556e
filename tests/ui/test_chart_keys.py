"""Looking around in the plots of the lab, by keys and by mouse."""

from array import array
from dataclasses import replace

import pytest
from textual import events as textual_events

from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.lab import LabScreen
from nnlab.wire import events
from nnlab.wire.values import SeriesSpec

pytestmark = pytest.mark.slow


def titles(app) -> list[str]:
    """The first row of every plot that can be seen."""
    charts = [panel.chart for panel in app.screen.query(ChartPanel) if panel.is_on_screen]
    return ["".join(segment.text for segment in chart.render_line(0)) for chart in charts]


def accuracy(step: int, stop: int) -> events.Frame:
    steps = array("q", range(step, stop, 10))
    return events.Frame(stop, ("train/probe_accuracy",), (steps,), (array("d", [at / 100 for at in steps]),))


@pytest.fixture
async def lab(story, info, frame, until):
    """The lab with 60 steps, its first plot in focus; and its pilot."""
    info = replace(info, series=(*info.series, SeriesSpec("train/probe_accuracy", "accuracy", every=10)))
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 60), accuracy(0, 60))
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and any("0.500" in row for row in titles(app)))
        await pilot.press("c")
        yield app, pilot


async def test_the_cursor_stands_at_the_same_step_everywhere_with_the_values_there(lab) -> None:
    app, pilot = lab
    body = app.screen.query_one(Body)
    await pilot.press("home")
    await pilot.press(*["right"] * 10)
    step = body.cursor
    assert step is not None and 0 < step < 60
    assert {panel.view.cursor for panel in app.screen.query(ChartPanel)} == {step}
    assert f"{1 / (1 + step):.3f}" in titles(app)[0]
    assert f"{step // 10 / 10:.3f}" in titles(app)[2]
    assert ("escape", "esc", "last") not in app.screen.query_one(KeyBar).keys
    await pilot.press("escape")
    assert body.cursor is None
    assert "0.500" in titles(app)[2]


async def test_the_cursor_waits_while_the_run_goes_on(lab, story, frame, until) -> None:
    app, pilot = lab
    await pilot.press("home")
    story.feed.add(frame(60, 80))
    panel = app.screen.query(ChartPanel).first()
    await until(pilot, lambda: panel.view.step == 80)
    assert panel.view.cursor == 0
    assert "1.00" in titles(app)[0]


async def test_zooming_and_panning_move_all_plots_together(lab) -> None:
    app, pilot = lab
    body = app.screen.query_one(Body)
    charts = [panel.chart for panel in app.screen.query(ChartPanel)]
    await pilot.press("up", "up")
    assert {(chart.window.first, chart.window.last) for chart in charts} == {(body.window.first, body.window.last)}
    assert body.window.width == 25 and body.window.first <= 60 <= body.window.last
    before = body.window
    await pilot.press("comma")
    assert body.window.first < before.first
    await pilot.press("home", *["left"] * 3)
    assert body.window.first <= body.cursor < before.first
    await pilot.press("backspace")
    assert body.window is None
    await pilot.press("up", "down")
    assert body.window is None


async def test_smoothing_scale_and_lines_are_of_the_focused_plot_alone(lab) -> None:
    app, pilot = lab
    await pilot.press("a")
    assert "smoothed 1 %" in titles(app)[0] and "smoothed" not in "".join(titles(app)[1:])
    await pilot.press("a", "a", "a", "l")
    assert titles(app)[0].startswith("loss log")
    await pilot.press("l", "c")
    assert titles(app)[0].startswith("loss  ") and app.screen.focused.id == "gradient"


async def test_the_mouse_looks_zooms_and_hides(lab) -> None:
    app, pilot = lab
    body = app.screen.query_one(Body)
    chart = app.screen.query(ChartPanel).first().chart
    await pilot.mouse_down(chart, offset=(7, 5))
    await pilot.mouse_up(chart, offset=(7, 5))
    assert body.cursor == 0
    for kind, shift in ((textual_events.MouseScrollUp, False), (textual_events.MouseScrollDown, True)):
        chart.post_message(kind(chart, 40, 5, 0, 0, 0, shift=shift, meta=False, ctrl=False, screen_x=40, screen_y=5))
        await pilot.pause()
        assert body.window.width == 80
    assert body.window.first > 0
    x = titles(app)[0].index("train")
    await pilot.click(chart, offset=(x, 0))
    assert "train hidden" in titles(app)[0]
    await pilot.click(chart, offset=(titles(app)[0].index("train"), 0))
    assert "hidden" not in titles(app)[0]


async def test_a_plot_that_fills_the_screen_keeps_its_keys(lab) -> None:
    app, pilot = lab
    await pilot.press("m")
    chart = app.screen.query(ChartPanel).first().chart
    assert chart.size.height > 30
    await pilot.press("home", "right", "up")
    assert app.screen.query_one(Body).cursor > 0 and app.screen.query_one(Body).window is not None
