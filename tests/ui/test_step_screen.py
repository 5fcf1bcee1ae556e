"""The step under the cursor in the lab: what the record knows at once, the rest when it has been done again."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from nnlab.errors import UserError
from nnlab.ui import explaining
from nnlab.ui.charts.sight import CursorMoved
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.point import PointScreen
from nnlab.wire import events
from nnlab.wire.point import BatchRow, LayerMoved, PointAgain, WhatIf

pytestmark = pytest.mark.slow

AGAIN = PointAgain(
    12, 0, 9.7, 9.7, True, 40.0, 0.3, 1.0, 1, "training rows", tuple(range(32)),
    (BatchRow(17, 300.0, 0.97, "true 80, said 2; x0 1"),), 8.0, 1.1, 8.0, 0.3,
    (LayerMoved("fc1", 9.0, 1.0, -1, 0.4), LayerMoved("out", 39.0, 1.0, 11, 8.0)), "out", "parameters", 10,
    (WhatIf(10, "lr 0.1 → 0.2 by user", 0.31),), "lr 0.1 → 0.2 by user, 2 steps before, did it.",
)  # fmt: skip


class Made:
    """Stands for the experiment: waits until it is let go, then answers."""

    def __init__(self) -> None:
        self.answer: PointAgain | Exception = AGAIN
        self.asked: tuple[Any, ...] = ()
        self.let_go = threading.Event()
        self.cancelled = False

    def explaining(self, *asked: Any, recorded: float, nice: int) -> "Made":
        self.asked = (*asked, recorded)
        return self

    def perform(self, tell: Callable[[str], None]) -> PointAgain:
        tell("doing steps 0 to 12 again")
        self.let_go.wait(30)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def cancel(self) -> None:
        self.cancelled = True
        self.let_go.set()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    found = Made()
    monkeypatch.setattr(explaining, "explaining", found.explaining)
    return found


@pytest.fixture
def lab(story, info, frame) -> Any:
    """A lab after 20 steps and one knob turn."""
    turned = events.KnobTurned(10, "lr", 0.1, 0.2, 0.2, "user", 0)
    story.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), turned, frame(0, 20))
    return story.app()


def shown(app: Any) -> str:
    return "\n".join(str(text.render()) for text in app.screen.query("Static"))


async def opened(lab: Any, pilot: Any, until: Any) -> None:
    await until(pilot, lambda: isinstance(lab.screen, LabScreen) and lab.screen.session.step == 20)
    lab.screen.query_one(Body).post_message(CursorMoved(12))
    await until(pilot, lambda: lab.screen.looking == 12)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(lab.screen, PointScreen))


async def test_the_step_under_the_cursor_is_explained(lab, made, info, until) -> None:
    async with lab.run_test(size=(80, 24)) as pilot:
        await opened(lab, pilot, until)
        await until(pilot, lambda: "doing steps 0 to 12 again" in shown(lab))
        assert "lr 0.1 → 0.2 by user, 2 steps before" in shown(lab)
        assert made.asked == (info.run_file, 12, 0, 1 / 13)
        made.let_go.set()
        await until(pilot, lambda: "did it." in shown(lab))
        for words in ("32 training rows of epoch 1", "17", "97%", "out moved first, in step 11", "to the last bit"):
            assert words in shown(lab)
        assert "again" not in shown(lab).splitlines()[1]


async def test_what_cannot_be_done_again_is_said_and_the_record_still_told(lab, made, until) -> None:
    made.answer = UserError("there is no file rows.npz")
    made.let_go.set()
    async with lab.run_test(size=(120, 40)) as pilot:
        await opened(lab, pilot, until)
        await until(pilot, lambda: "not known: there is no file rows.npz" in shown(lab))
        assert "lr 0.1 → 0.2 by user" in shown(lab)


async def test_leaving_ends_it(lab, made, until) -> None:
    async with lab.run_test(size=(120, 40)) as pilot:
        await opened(lab, pilot, until)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(lab.screen, LabScreen))
        assert made.cancelled
