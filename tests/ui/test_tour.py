"""The tour in the lab: it shows captions, and keys take over or leave."""

import pytest

from nnlab.lessons.tour import Plan
from nnlab.ui.panels.caption import Caption
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.tour import KEYS, TourApp
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow


@pytest.fixture
def tour(story, info, frame):
    """A tour of one scenario that overfits from step 30 on."""
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    plans = (Plan("moons", "Two moons, interleaved", "overfitting", (("dropout", 0.3),)),)
    app = TourApp(plans, lambda *_: story.session(), None, loops=0, low_bandwidth=False)
    app.feed = story.feed
    return app


def says(app, words: str):
    """Whether the caption says this."""
    return lambda: any(words in str(line.render()) for line in app.screen.query("Caption Static"))


async def test_it_says_what_is_to_be_seen_and_stops_for_the_diagnosis(tour, until, frame) -> None:
    async with tour.run_test(size=(120, 40)) as pilot:
        await until(pilot, says(tour, "Two moons, interleaved"))
        assert says(tour, KEYS)()
        tour.feed.add(frame(20, 45))
        await until(pilot, says(tour, "The diagnosis: overfitting. Validation loss rose"))
        assert commands.Pause() in tour.feed.sent


async def test_space_takes_over(tour, until) -> None:
    async with tour.run_test(size=(80, 24)) as pilot:
        await until(pilot, says(tour, "Two moons"))
        await pilot.press("space")
        await until(pilot, lambda: not tour.screen.query(Caption))
        assert isinstance(tour.screen, LabScreen)
        assert tour.screen.query_one(KeyBar).display
        await pilot.press("s")
        assert commands.Run(1) in tour.feed.sent


async def test_any_other_key_leaves(tour, until) -> None:
    async with tour.run_test(size=(80, 24)) as pilot:
        await until(pilot, says(tour, "Two moons"))
        await pilot.press("x")
        await until(pilot, lambda: not tour.is_running)
    assert tour.return_code == 0
