"""What reaches the terminal: correct, and little."""

import asyncio
from typing import Any

import numpy as np
import pyte
import pytest
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen

from nnlab.ui.charts.line_chart import Line, LineChart
from nnlab.ui.tight_paint import Pen, catch_up, paint_now, paint_tightly, pen_of

WRITTEN: list[str] = []


class Recording(HeadlessDriver):
    """Keeps what would be written to the terminal."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        WRITTEN.append(data)


class ChartApp(App[None]):
    CSS = "LineChart { border: round white; }"

    def __init__(self) -> None:
        super().__init__(driver_class=Recording)

    def get_default_screen(self) -> Screen[Any]:
        screen = super().get_default_screen()
        paint_tightly(screen)
        return screen

    def compose(self) -> ComposeResult:
        yield LineChart("loss", id="loss")
        yield LineChart("norm", scale="log", id="norm")


def series(step: int) -> list[Line]:
    steps = np.arange(step)
    values = 2.0 * np.exp(-steps / 300) + 0.1
    return [Line("train", steps, values * 0.9, values * 1.1, values, "train")]


def shown(app: App[None]) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


async def test_partial_repaints_leave_the_screen_as_a_full_one_would_and_cost_little() -> None:
    WRITTEN.clear()
    app = ChartApp()
    async with app.run_test(headless=False, size=(80, 24)) as pilot:
        screen = pyte.Screen(80, 24)
        stream = pyte.Stream(screen)
        for step in range(200, 400, 10):
            for chart in app.query(LineChart):
                chart.show(series(step), planned=1000, step=step)
            await pilot.pause()
            await asyncio.sleep(0)
        settled = len(WRITTEN)
        for step in range(400, 500, 10):
            for chart in app.query(LineChart):
                chart.show(series(step), planned=1000, step=step)
            await pilot.pause()
        stream.feed("".join(WRITTEN))
        assert [row.rstrip() for row in screen.display] == [row.rstrip() for row in shown(app)]
        assert sum(len(text.encode()) for text in WRITTEN[settled:]) < 10 * 1500


def pyte_of(texts: list[str]) -> pyte.Screen:
    screen = pyte.Screen(80, 24)
    pyte.Stream(screen).feed("".join(texts))
    return screen


async def test_what_is_shown_already_is_not_written_again() -> None:
    WRITTEN.clear()
    app = ChartApp()
    async with app.run_test(headless=False, size=(80, 24)) as pilot:
        for chart in app.query(LineChart):
            chart.show(series(300), planned=1000, step=300)
        await pilot.pause()
        colours = [[cell.fg for cell in row.values()] for row in pyte_of(WRITTEN).buffer.values()]
        settled = len(WRITTEN)
        for chart in app.query(LineChart):
            chart.refresh()
        await pilot.pause()
        assert "━" not in "".join(WRITTEN[settled:])
        app.screen.refresh()
        await pilot.pause()
        full = "".join(WRITTEN[settled:])
        assert len(full) > 2000  # all of it, whatever is remembered
        assert [[cell.fg for cell in row.values()] for row in pyte_of([full]).buffer.values()] == colours


async def test_repaints_wait_for_the_terminal_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    WRITTEN.clear()
    app, queued = ChartApp(), [0]
    monkeypatch.setattr("nnlab.ui.tight_paint.waiting", lambda _: queued[0])
    async with app.run_test(headless=False, size=(80, 24)) as pilot:
        await pilot.pause()
        settled, queued[0] = len(WRITTEN), 30
        for step in range(200, 400, 50):
            for chart in app.query(LineChart):
                chart.show(series(step), planned=1000, step=step)
            await pilot.pause()
        assert len(WRITTEN) == settled
        queued[0] = 0
        catch_up(app.screen)
        assert [row.rstrip() for row in pyte_of(WRITTEN).display] == [row.rstrip() for row in shown(app)]
        settled = len(WRITTEN)
        catch_up(app.screen)
        assert len(WRITTEN) == settled


async def test_what_must_be_seen_now_is_written_before_anything_is_laid_out() -> None:
    WRITTEN.clear()
    app = ChartApp()
    async with app.run_test(headless=False, size=(80, 24)) as pilot:
        await pilot.pause()
        before = pyte_of(WRITTEN).display
        first, second = app.query(LineChart)
        for chart in (first, second):
            chart.show(series(300), planned=1000, step=300)
        second.refresh(layout=True)
        paint_now(app.screen, [first])
        now = pyte_of(WRITTEN).display
        assert now[:12] != before[:12] and now[12:] == before[12:]
        await pilot.pause()
        assert [row.rstrip() for row in pyte_of(WRITTEN).display] == [row.rstrip() for row in shown(app)]


def test_pens_are_read_as_textual_writes_them() -> None:
    assert pen_of("1;38;2;1;2;3;48;5;7") == Pen("1", "38;2;1;2;3", "48;5;7")
    assert pen_of("4;31;102") == Pen("4", "31", "102")
    assert pen_of("39;49") == pen_of("") == Pen()
