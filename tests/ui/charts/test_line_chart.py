"""The widget repaints what changed and nothing else."""

from typing import ClassVar

import numpy as np
from textual.app import App, ComposeResult
from textual.geometry import Region

from nnlab.ui.charts.line_chart import Line, LineChart
from nnlab.ui.charts.style import OWN, Style
from nnlab.ui.themes.load import load_themes


class Watched(LineChart):
    """Counts what it asks to have repainted."""

    asked: ClassVar[list[tuple[Region, ...]]] = []

    def refresh(self, *regions: Region, **more: bool) -> "Watched":
        self.asked.append(regions)
        return super().refresh(*regions, **more)


class ChartApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Watched("loss")


def series(step: int) -> list[Line]:
    steps = np.arange(step)
    values = 2.0 * np.exp(-steps / 300) + 0.1
    return [Line("train", steps, values, values, values, "train")]


def rows(chart: LineChart) -> list[str]:
    return ["".join(segment.text for segment in chart.render_line(y)) for y in range(chart.size.height)]


async def test_a_new_point_repaints_a_few_cells_and_the_same_data_none() -> None:
    app = ChartApp()
    async with app.run_test(size=(60, 18)) as pilot:
        chart = app.query_one(Watched)
        chart.show(series(500), planned=1000, step=500)
        await pilot.pause()
        chart.asked.clear()
        chart.show(series(500), planned=1000, step=500)
        assert chart.asked == []
        chart.show(series(510), planned=1000, step=510)
        [regions] = chart.asked
        assert regions and sum(region.area for region in regions) <= 12


async def test_resizing_log_and_theme_redraw() -> None:
    app = ChartApp()
    async with app.run_test(size=(60, 18)) as pilot:
        chart = app.query_one(Watched)
        chart.show(series(500), planned=1000, step=500)
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert [len(row) for row in rows(chart)] == [40] * 12
        chart.log_y = True
        assert chart.log_y and "log" in rows(chart)[0]
        themes, _ = load_themes()
        for theme in themes:
            app.register_theme(theme.textual())
        app.theme = "paper"
        await pilot.pause()
        colours = {
            segment.style.color.name for segment in chart.render_line(0) if segment.style and segment.style.color
        }
        paper = next(theme for theme in themes if theme.name == "paper")
        assert paper.palette["train"] in colours


async def test_an_axis_is_the_charts_own_choice_until_it_is_set_to_another() -> None:
    app = ChartApp()
    async with app.run_test(size=(60, 18)) as pilot:
        chart = LineChart("loss", scale="auto")
        await app.screen.mount(chart)
        chart.show(series(500), planned=1000, step=500)
        assert (chart.log_y, chart.style) == (False, OWN)
        chart.log_y = True
        assert chart.style == Style("log")
        chart.show(series(510), planned=1000, step=510)
        assert chart.log_y
        chart.log_y = False
        assert (chart.log_y, chart.style) == (False, OWN)
        chart.style = Style("log", 0.03)
        await pilot.pause()
        assert "log, smoothed 3 %" in rows(chart)[0]


async def test_a_hidden_chart_catches_up_when_shown() -> None:
    app = ChartApp()
    async with app.run_test(size=(60, 18)) as pilot:
        chart = app.query_one(Watched)
        chart.display = False
        await pilot.pause()
        chart.show(series(500), planned=1000, step=500)
        chart.display = True
        await pilot.pause()
        assert "train" in rows(chart)[0]
