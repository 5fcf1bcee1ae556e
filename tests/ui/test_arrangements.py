"""How the user likes the lab is kept, and a file that cannot be used does no harm."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from nnlab.ui.app import LabApp
from nnlab.ui.arrangements import USUAL, Arrangement, Arrangements
from nnlab.ui.charts.style import OWN, Style
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.layers import LayersPanel
from nnlab.ui.panels.tabs import ViewTabs
from nnlab.ui.screens.body import THIRD
from nnlab.wire import events
from nnlab.wire.values import RunInfo

LIKED = Arrangement("confusion", "third")


def test_what_is_liked_is_kept_for_each_family(tmp_path: Path) -> None:
    path = tmp_path / "config" / "arrangement.json"
    first = Arrangements(path)
    assert (first.of("mlp"), first.theme) == (USUAL, "")
    first.keep("mlp", LIKED)
    first.theme = "paper"
    second = Arrangements(path)
    assert (second.of("mlp"), second.of("towers"), second.theme) == (LIKED, USUAL, "paper")
    assert [file.name for file in path.parent.iterdir()] == ["arrangement.json"]


def test_how_a_plot_is_drawn_is_kept_for_each_family_and_forgotten_with_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "arrangement.json"
    first = Arrangements(path)
    first.keep_style("mlp", "loss", Style("log", 0.03))
    first.keep_style("mlp", "gradient norm", Style("linear"))
    first.keep("mlp", LIKED)
    first.keep_style("mlp", "gradient norm", OWN)
    second = Arrangements(path)
    assert (second.of("mlp"), second.style("mlp", "loss")) == (LIKED, Style("log", 0.03))
    assert (second.style("mlp", "gradient norm"), second.style("towers", "loss")) == (OWN, OWN)
    second.forget("mlp")
    third = Arrangements(path)
    assert (third.of("mlp"), third.style("mlp", "loss")) == (USUAL, OWN)


def test_an_axis_and_a_smoothing_that_there_are_not_count_as_none(tmp_path: Path) -> None:
    path = tmp_path / "arrangement.json"
    path.write_text('{"mlp": {"plots": {"loss": {"axis": "cubic", "smooth": "much"}, "accuracy": {"smooth": NaN}}}}')
    told: list[str] = []
    arrangements = Arrangements(path, told.append)
    assert (arrangements.style("mlp", "loss"), arrangements.style("mlp", "accuracy"), told) == (OWN, OWN, [])


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"mlp": 3}', '{"mlp": {"view": ["x"]}}', '{"mlp": {"plots": "log"}}'),
        *('{"mlp": {"plots": {"loss": "log"}}}', "[" * 100_000, b"\xff"),
    ],
    ids=["empty", "list", "number", "deeper", "no-plots", "no-style", "deepest", "no-text"],
)
def test_a_damaged_file_is_told_of_once_and_set_aside(tmp_path: Path, text: str | bytes) -> None:
    path = tmp_path / "arrangement.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    told: list[str] = []
    arrangements = Arrangements(path, told.append)
    assert (arrangements.of("mlp"), arrangements.theme) == (USUAL, "")
    assert len(told) == 1
    assert "arrangement.json cannot be used" in told[0]
    assert "arrangement.json.damaged" in told[0]
    arrangements.keep("mlp", LIKED)
    assert Arrangements(path).of("mlp") == LIKED


def test_what_cannot_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    told: list[str] = []
    arrangements = Arrangements(tmp_path / "config" / "arrangement.json", told.append)
    arrangements.keep("mlp", LIKED)
    arrangements.theme = "paper"
    assert len(told) == 1
    assert arrangements.of("mlp") == LIKED


async def test_the_lab_comes_back_as_it_was_left(
    story,
    info: RunInfo,
    frame: Callable[..., events.Frame],
    until: Callable[..., Awaitable[None]],
    tmp_path: Path,
) -> None:
    path = tmp_path / "arrangement.json"

    async def visit(*keys: str, action: str = "") -> tuple[str, int, str, Style]:
        """Open the lab and press keys: the view in the third place, the tab that is shown, the theme, the loss."""
        app = story.app()
        app.arrange_by(path)
        async with app.run_test(size=(80, 24)) as pilot:
            story.feed.add(events.RunStarted(info), frame(0, 40))
            await until(pilot, lambda: app.session is not None and app.session.step == 40)
            await until(pilot, lambda: bool(app.screen.query(LayersPanel)) and tabs(app).names[THIRD] != "third")
            await pilot.press(*keys)
            command = next((one for one in app.get_system_commands(app.screen) if one.title == action), None)
            if command is not None:
                await command.callback()
                await pilot.pause()
            loss = app.screen.query_one("#loss", ChartPanel).chart
            return tabs(app).names[THIRD], tabs(app).shown, app.theme, loss.style

    def tabs(app: LabApp) -> ViewTabs:
        return app.screen.query_one(ViewTabs)

    usual = await visit()
    left = await visit("c", "l", "a", "v", "v", "v", "T")
    assert left[1] == THIRD
    assert left[3] == Style("log", 0.01)
    assert all(one != other for one, other in zip(usual, left, strict=True))
    assert await visit() == left
    cleared = (*usual[:2], left[2], usual[3])
    assert await visit(action="usual arrangement") == cleared
    assert await visit() == cleared
