"""How the user likes the lab is kept, and a file that cannot be used does no harm."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from nnlab.ui.app import LabApp
from nnlab.ui.arrangements import USUAL, Arrangement, Arrangements
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


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"mlp": 3}', '{"mlp": {"view": ["x"]}}', "[" * 100_000, b"\xff"],
    ids=["empty", "list", "number", "deeper", "deepest", "no-text"],
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

    async def visit(*keys: str) -> tuple[str, int, str]:
        """Open the lab and press keys: the view in the third place, the tab that is shown, and the theme."""
        app = story.app()
        app.arrange_by(path)
        async with app.run_test(size=(80, 24)) as pilot:
            story.feed.add(events.RunStarted(info), frame(0, 40))
            await until(pilot, lambda: app.session is not None and app.session.step == 40)
            await until(pilot, lambda: bool(app.screen.query(LayersPanel)) and tabs(app).names[THIRD] != "third")
            await pilot.press(*keys)
            return tabs(app).names[THIRD], tabs(app).shown, app.theme

    def tabs(app: LabApp) -> ViewTabs:
        return app.screen.query_one(ViewTabs)

    usual = await visit()
    left = await visit("v", "v", "v", "T")
    assert left[1] == THIRD
    assert all(one != other for one, other in zip(usual, left, strict=True))
    assert await visit() == left
