"""The view of the lab follows the cursor: it shows the step that is looked at, seen in a copy of the run."""

from array import array
from dataclasses import replace

import pytest

from nnlab.client.scripted import ScriptedFeed
from nnlab.ui.arrangements import Arrangement
from nnlab.ui.charts.glyphs import SETS
from nnlab.ui.charts.sight import CursorMoved
from nnlab.ui.lookback import Lookback
from nnlab.ui.screens import third
from nnlab.ui.screens.lab import LabScreen
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow

PARTS = {"low": [-1], "high": [1], "mean": [0], "std": [0.5], "nonfinite": [0], "counts": [1, 2, 3, 4]}


class Copy(ScriptedFeed):
    """Answers at once, for the step that it was last sent to."""

    def send(self, command: commands.Command) -> None:
        super().send(command)
        if isinstance(command, commands.Inspect):
            step = next(it.step for it in reversed(self.sent) if isinstance(it, commands.Switch))
            values = tuple(array("d", part) for part in PARTS.values())
            self.add(events.Inspected(step, command.what, tuple(PARTS), values, ("fc1",), command.id))

    def abandon(self) -> None:
        self.close()


def words(app) -> str:
    """What stands in the panel of views."""
    if not app.screen.query("ViewPanel Picture"):
        return ""
    drawing = app.screen.query_one("ViewPanel").view
    return "\n".join("".join(map(chr, row)) for row in drawing.draw(60, 9, SETS["braille"]).codes.tolist())


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch) -> Copy:
    made = Copy()
    monkeypatch.setattr(third, "Lookback", lambda: Lookback(lambda _: made))
    return made


@pytest.fixture
def looked_into(story, info, frame, copy):
    """A lab that shows the weights of a run of 60 steps."""
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 60))
    app = story.app()
    app.arrangements.keep("mlp", Arrangement("weights", "third"))
    return app


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_cursor_takes_the_view_along_and_the_newest_step_comes_back(
    looked_into, story, copy, until, size
) -> None:
    app = looked_into
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and "looking inside" in words(app))
        await until(pilot, lambda: any(isinstance(sent, commands.Inspect) for sent in story.feed.sent))
        asked = list(story.feed.sent)
        app.screen.query_one("#loss").post_message(CursorMoved(20))
        await until(pilot, lambda: "step 20" in words(app))
        app.screen.query_one("#loss").post_message(CursorMoved(7))
        await until(pilot, lambda: "step 7" in words(app))
        assert story.feed.sent == asked
        assert [sent.step for sent in copy.sent if isinstance(sent, commands.Switch)] == [20, 7]
        await pilot.press("escape")
        await until(pilot, lambda: "looking inside" in words(app))
    assert copy.closed


async def test_a_run_that_is_not_recorded_says_so(looked_into, story, info, until) -> None:
    story.feed.add(events.RunStarted(replace(info, run_file="")))
    app = looked_into
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and "looking inside" in words(app))
        app.screen.query_one("#loss").post_message(CursorMoved(20))
        await until(pilot, lambda: "this run is not recorded" in words(app))
