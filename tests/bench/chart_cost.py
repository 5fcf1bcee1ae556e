"""What charts cost: time to compose and to paint, bytes to the terminal.

    python tests/bench/chart_cost.py

Prints a table. `compose` is numpy work for one `show`; `show + paint` is all that Textual does until the bytes are
ready; `bytes` are those of one repaint. Run by hand: times depend on the machine, ratios and bytes do not.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen

from nnlab.ui.charts.line_chart import Line, LineChart
from nnlab.ui.tight_paint import paint_tightly

POINTS = 2048
FRAMES = 60
RATE = 10.0
"""Repaints a second at which bytes per second are stated."""

LOSS = 2.0 * np.exp(-np.arange(20_000) / 4000) + 0.1 + 0.05 * np.random.default_rng(0).standard_normal(20_000)


class Counting(HeadlessDriver):
    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        Counting.written += len(data.encode())


class Bench(App[None]):
    def __init__(self, *, charts: int, tight: bool) -> None:
        super().__init__(driver_class=Counting)
        self.charts, self.tight = charts, tight

    def get_default_screen(self) -> Screen[Any]:
        screen = super().get_default_screen()
        if self.tight:
            paint_tightly(screen)
        return screen

    def compose(self) -> ComposeResult:
        for number in range(self.charts):
            yield LineChart(f"loss {number}")


def lines(step: int) -> list[Line]:
    """Two lines in at most `POINTS` buckets of power-of-two width, as telemetry hands them over."""
    width = 1
    while step / width > POINTS:
        width *= 2
    usable = step // width * width
    buckets = LOSS[:usable].reshape(-1, width)
    steps = np.arange(0, usable, width)
    low, high, mean = buckets.min(1), buckets.max(1), buckets.mean(1)
    return [
        Line("train", steps, low, high, mean, "train"),
        Line("val", steps, low + 0.2, high + 0.2, mean + 0.2, "val"),
    ]


async def measure(charts: int, size: tuple[int, int], *, tight: bool, grows: int) -> tuple[float, float, float]:
    """Milliseconds to compose one chart, to show and paint all, and bytes of a repaint; the run grows by `grows`."""
    app = Bench(charts=charts, tight=tight)
    async with app.run_test(headless=False, size=size) as pilot:
        widgets = list(app.query(LineChart))
        step = 4096
        for widget in widgets:
            widget.show(lines(step), planned=20_000, step=step)
        await pilot.pause()
        composing = timed(lambda: widgets[0].compose_grid(widgets[0].size), FRAMES)
        Counting.written, spent = 0, 0.0
        for _ in range(FRAMES):
            step += grows
            drawn = lines(step)
            began = time.process_time()
            for widget in widgets:
                widget.show(drawn, planned=20_000, step=step)
            app.screen._on_timer_update()
            spent += time.process_time() - began
            await asyncio.sleep(0)
        return composing, spent / FRAMES * 1e3, Counting.written / FRAMES


def timed(work: Callable[[], object], times: int) -> float:
    """Milliseconds of one call."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times * 1e3


async def main() -> None:
    print(
        f"{'charts':>6} {'size':>8} {'painting':>9} {'steps/frame':>11} {'compose ms':>10} {'show+paint ms':>13}",
        end="",
    )
    print(f" {'bytes':>7} {'KB/s at ' + format(RATE, '.0f') + '/s':>12}")
    for charts, size in ((1, (60, 18)), (3, (120, 40)), (3, (200, 60))):
        for tight in (False, True):
            for grows in (20, 150):
                composing, shown, written = await measure(charts, size, tight=tight, grows=grows)
                name = f"{size[0]}x{size[1]}"
                print(
                    f"{charts:>6} {name:>8} {'tight' if tight else 'Textual':>9} {grows:>11} {composing:>10.2f}", end=""
                )
                print(f" {shown:>13.2f} {written:>7.0f} {written * RATE / 1000:>12.1f}")


if __name__ == "__main__":
    asyncio.run(main())
