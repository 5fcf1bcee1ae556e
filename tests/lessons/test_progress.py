"""A lesson goes on when, and only when, what it waits for has come."""

import math
from array import array
from dataclasses import replace
from typing import Any

import pytest

from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.lessons.awaiting import Since, Situation, holds
from nnlab.lessons.progress import Place, follow, onward, present
from nnlab.scenario.lesson import Awaited, Lesson
from nnlab.telemetry.history import History
from nnlab.wire import events
from nnlab.wire.values import KnobSpec, RunInfo, SeriesSpec

INFO = RunInfo(
    "r1", "moons", "Moons", "mlp", "", 7, "cpu", 100, 32, 10, 10, 10, 10,
    knobs=(KnobSpec("lr", "learning rate", 0.1, "log"), KnobSpec("shuffle", "shuffle", True, "switch")),
    series=(SeriesSpec("train/loss", "loss"),),
    facts={"model.hidden": "64,64", "model.activation": "relu", "optimizer.lr": 0.1},
)  # fmt: skip

OVERFITTING = Finding("overfitting", "warning", 0.9, 20, 30, None, "It overfits.")
SICK = Diagnosis(30, "overfitting", OVERFITTING, (OVERFITTING,), (OVERFITTING,))
CLEARED = Diagnosis(90, "learning", None, (), (replace(OVERFITTING, cleared_step=80),))
FOLDED = replace(SICK, standing=(OVERFITTING, replace(OVERFITTING, mode="plateau", folded_into="overfitting")))


def run(steps: int, loss: float = 0.5, turns: tuple[tuple[str, Any], ...] = (), info: RunInfo = INFO) -> History:
    """A run that has come so far, its loss as given, with these knobs turned at its end."""
    history = History(info)
    told: list[events.Event] = []
    if steps:
        values = array("d", [1.0] * (steps - 1) + [loss])
        told.append(events.Frame(steps, ("train/loss",), (array("q", range(steps)),), (values,)))
    told += [events.KnobTurned(steps, knob, history.knob(knob), value, value, "user") for knob, value in turns]
    for event in told:
        list(history.feed(event))
    return history


@pytest.mark.parametrize(
    ("awaited", "now", "came"),
    [
        ({"finding": "overfitting"}, Situation(run(30), SICK), True),
        ({"finding": "plateau"}, Situation(run(30), FOLDED), True),
        ({"finding": "plateau"}, Situation(run(30), SICK), False),
        ({"finding": "healthy"}, Situation(run(30), SICK), False),
        ({"finding": "healthy"}, Situation(run(90), CLEARED), True),
        ({"finding": "healthy"}, Situation(run(3)), False),
        ({"cleared": "overfitting"}, Situation(run(90), CLEARED), True),
        ({"cleared": "overfitting"}, Situation(run(30), SICK), False),
        ({"cleared": "plateau"}, Situation(run(90), CLEARED), False),
        ({"metric": "train/loss", "below": 0.6}, Situation(run(9)), True),
        ({"metric": "train/loss", "below": 0.5}, Situation(run(9)), False),
        ({"metric": "train/loss", "above": 0.5}, Situation(run(9)), False),
        ({"metric": "train/loss", "above": 0.4, "below": 0.6}, Situation(run(9)), True),
        ({"metric": "train/loss", "above": 0.1}, Situation(run(9, math.nan)), False),
        ({"metric": "train/loss", "above": 0.1}, Situation(run(9, math.inf)), True),
        ({"metric": "val/loss", "above": 0.1}, Situation(run(9)), False),
        ({"knob": "lr", "to": 0.01}, Situation(run(9, turns=(("lr", 0.01 * (1 + 1e-9)),))), True),
        ({"knob": "lr", "to": 0.01}, Situation(run(9)), False),
        ({"knob": "lr", "below": 0.05}, Situation(run(9, turns=(("lr", 0.01),))), True),
        ({"knob": "shuffle", "to": False}, Situation(run(9, turns=(("shuffle", False),))), True),
        ({"knob": "shuffle", "to": False}, Situation(run(9)), False),
        ({"knob": "lr"}, Situation(run(9)), False),
        ({"knob": "lr"}, Situation(run(9, turns=(("lr", 0.01),))), True),
        ({"knob": "lr"}, Situation(run(9, turns=(("lr", 0.1),))), False),
        ({"knob": "margin", "below": 1.0}, Situation(run(9)), False),
        ({"setting": "model.hidden", "to": (64, 64)}, Situation(run(0)), True),
        ({"setting": "model.activation", "to": "tanh"}, Situation(run(0)), False),
        ({"setting": "model.width", "to": 3}, Situation(run(0)), False),
        ({"step": 9}, Situation(run(9)), True),
        ({"step": 10}, Situation(run(9)), False),
        ({"after": 4}, Situation(run(9)), True),
        ({"after": 5}, Situation(run(9)), False),
        ({"opened": "tests"}, Situation(run(9), None, "tests"), True),
        ({"opened": "tests"}, Situation(run(9), None, "story"), False),
    ],
)  # fmt: skip
def test_what_is_waited_for(awaited: dict[str, Any], now: Situation, came: bool) -> None:
    assert holds(Awaited(**awaited), now, Since("r1", 5)) is came


def lesson(*waits: dict[str, Any] | None) -> Lesson:
    return Lesson(steps=tuple({"text": "look", "wait_for": it, "hint": "h", "hint_after": 20} for it in waits))  # type: ignore[arg-type]


def test_it_goes_on_step_by_step_to_its_end() -> None:
    course = lesson({"metric": "train/loss", "below": 0.6}, None, {"after": 10})
    place = follow(course, Place(), Situation(run(0)))
    assert place.at == 0
    place = follow(course, place, Situation(run(30)))
    assert (place.at, place.since) == (1, Since("r1", 30))
    assert follow(course, place, Situation(run(99))).at == 1
    place = onward(place, Situation(run(40)))
    assert follow(course, place, Situation(run(49))).at == 2
    place = follow(course, place, Situation(run(50)))
    assert present(course, place) is None
    assert follow(course, place, Situation(run(60))) == place


def test_the_hint_shows_after_its_time_and_is_gone_with_the_step() -> None:
    course = lesson({"finding": "healthy"}, {"finding": "overfitting"})
    place = follow(course, Place(), Situation(run(10)))
    assert not follow(course, place, Situation(run(29))).hinted
    late = follow(course, place, Situation(run(30)))
    assert late.hinted
    assert not follow(course, late, Situation(run(90), CLEARED)).hinted


def test_it_follows_a_run_that_begins_again_or_goes_back() -> None:
    course = lesson({"after": 20})
    place = follow(course, Place(), Situation(run(50)))
    again = follow(course, place, Situation(run(19, info=replace(INFO, run_id="r2"))))
    assert again.at == 0
    assert follow(course, again, Situation(run(20, info=replace(INFO, run_id="r2")))).at == 1
    back = follow(course, place, Situation(run(30)))
    assert follow(course, back, Situation(run(49))).at == 0
    assert follow(course, back, Situation(run(50))).at == 1
    turned = follow(course, Place(), Situation(run(9, turns=(("lr", 0.01),))))
    assert follow(lesson({"knob": "lr"}), turned, Situation(run(12))).since.turns == 0
