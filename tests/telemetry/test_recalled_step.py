"""What the record alone knows of a step: its numbers beside the usual ones, and what happened near."""

import math
from typing import Any

import numpy as np
import pytest

from nnlab.telemetry.history import History
from nnlab.telemetry.point import largest_jump, peak, recalled
from nnlab.wire.events import Branched, Event, KnobTurned, Marked, Rewound
from nnlab.wire.frames import frame
from nnlab.wire.values import RunInfo


def told(*events: Event) -> History:
    """200 steps of a steady loss with a spike at 120, and then these events."""
    info = RunInfo("r", "s", "", "mlp", "", 0, "cpu", 200, 32, 10, 10, 10, 10)
    history = History(info)
    steps = np.arange(200)
    loss = np.where(steps == 120, 9.0, 1.0 + 0.01 * (steps % 3))
    points: Any = {"train/loss": (steps, loss), "grad/norm": (steps, 2.0 * loss)}
    for event in (frame(200, points), *events):
        for _ in history.feed(event):
            pass
    return history


def test_numbers_stand_beside_the_usual_ones() -> None:
    found = recalled(told(), 120)
    assert found is not None
    assert (found.loss, found.usual_loss) == (9.0, pytest.approx(1.01))
    assert (found.norm, found.usual_norm) == (18.0, pytest.approx(2.02))
    assert found.near == ()
    assert recalled(told(), 5000).step == 199  # type: ignore[union-attr]
    first = recalled(told(), 0)
    assert first is not None
    assert math.isnan(first.usual_loss)
    assert recalled(History(told().info), 3) is None


def test_near_is_what_was_done_to_the_run_shortly_before_or_after() -> None:
    turned = KnobTurned(118, "lr", 0.1, 0.2, 0.2, "user")
    marks = (Marked(70, "phase", "task 1"), Marked(121, "guard", "pause"), Marked(119, "finding", "{}"))
    history = told(KnobTurned(60, "lr", 0.05, 0.1, 0.1, "script"), turned, *marks, Marked(132, "note", "later"))
    found = recalled(history, 120)
    assert found is not None
    assert [(one.step, one.text) for one in found.near] == [
        (70, "task 1"),
        (118, "lr 0.1 → 0.2 by user"),
        (121, "pause"),
    ]
    far = recalled(history, 199)
    assert far is not None
    assert (far.near, far.last.text) == ((), "later")  # type: ignore[union-attr]


def test_a_rewind_is_near_too() -> None:
    found = recalled(told(Rewound(110, 0), Branched(1, 0, 110, "lr 0.2")), 112)
    assert found is not None
    assert found.step == 109
    assert [one.text for one in found.near] == ["the run was rewound to here: branch lr 0.2 begins"]


def test_the_step_that_is_meant_is_found() -> None:
    history = told()
    assert largest_jump(history) == 120
    assert [peak(history, step, reach) for step, reach in ((118, 1), (118, 3), (118, 5), (122, 4))] == [
        118,
        119,
        120,
        120,
    ]
    broken: Any = {"train/loss": (np.arange(200, 210), np.array([1.0] * 4 + [math.nan] * 6))}
    for _ in history.feed(frame(210, broken)):
        pass
    assert largest_jump(history) == 204
