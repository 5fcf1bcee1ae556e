"""History: boundaries and what is visible at them, whatever the framing."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.telemetry.history import History
from nnlab.wire.events import EngineLost, Event, Frame, KnobTurned, Marked, StateChanged
from nnlab.wire.frames import frame
from nnlab.wire.values import KnobSpec, RunInfo, RunState, SeriesSpec

STEPS = 100


def info(diagnose_every: int = 10) -> RunInfo:
    return RunInfo(
        "r", "demo", "", "mlp", "", 7, "cpu", STEPS, 8, 10, eval_every=20, probe_every=5, diagnose_every=diagnose_every,
        knobs=(KnobSpec("lr", "lr", 0.1, "log"),),
        series=(SeriesSpec("train/loss", ""), SeriesSpec("lr", "", every=5), SeriesSpec("val/loss", "", every=20)),
    )  # fmt: skip


def between(start: int, stop: int, bad: int = -1) -> Frame:
    """What is measured between `start` and `stop` steps done; sampled points at `stop` come with the next frame."""
    loss = [math.nan if step == bad else 1.0 / (1 + step) for step in range(start, stop)]
    probes, evaluations = range(-(-start // 5) * 5, stop, 5), range(-(-start // 20) * 20, stop, 20)
    return frame(
        stop,
        {
            "train/loss": (range(start, stop), loss),
            "lr": (probes, [0.1] * len(probes)),
            "val/loss": (evaluations, [2.0 + step for step in evaluations]),
        },
        seconds=stop / 100,
    )


def at(step: int) -> Frame:
    """The sampled points at `step` alone."""
    points: dict[str, Any] = {"lr": ([step], [0.1])} if step % 5 == 0 else {}
    if step % 20 == 0:
        points["val/loss"] = ([step], [2.0 + step])
    return frame(step, points)


def visible(history: History) -> dict[str, Any]:
    series = {name: history.get(name) for name in sorted(history.names())}
    return {
        "step": history.step,
        "turns": history.turns,
        "marks": history.marks,
        "knob": history.knob("lr"),
        **{name: (found.steps.tolist(), found.values.tobytes()) for name, found in series.items() if found},
        **{
            f"{name} overview": [part.tobytes() for part in found.overview()] for name, found in series.items() if found
        },
    }


def watch(history: History, told: list[Event]) -> dict[int, dict[str, Any]]:
    seen = {}
    for event in told:
        for boundary in history.feed(event):
            assert boundary not in seen
            assert history.step == boundary
            seen[boundary] = visible(history)
    return seen


def run(cuts: list[int], turns: list[int], bad: int, eager: bool) -> list[Event]:
    """A run cut into frames; an engine may tell the sampled points of a step at once (eager) or with the next frame."""
    told: list[Event] = [StateChanged(0, "running"), at(0)]
    edges = [0, *sorted({*cuts, *turns, STEPS})]
    for start, stop in itertools.pairwise(edges):
        told.append(between(start, stop, bad))
        if eager and stop in turns:
            told.append(at(stop))
        if stop in turns:
            told += [KnobTurned(stop, "lr", 0.1, stop, stop, "user"), Marked(stop, "phase", "next")]
    return [*told, at(STEPS), StateChanged(STEPS, "finished")]


@settings(deadline=None, max_examples=40)
@given(
    cuts=st.lists(st.integers(1, STEPS), max_size=12),
    turns=st.lists(st.integers(1, STEPS - 1), max_size=4, unique=True),
    bad=st.integers(-1, STEPS - 1),
    every=st.integers(1, 40),
    eager=st.booleans(),
)
def test_framing_changes_nothing(cuts: list[int], turns: list[int], bad: int, every: int, eager: bool) -> None:
    whole = watch(History(info(every)), run([], sorted(turns), bad, False))
    pieces = watch(History(info(every)), run(cuts, sorted(turns), bad, eager))
    assert whole == pieces
    expected = {*range(0, STEPS, every), STEPS} | ({bad + 1} if bad >= 0 else set())
    assert set(whole) == expected


def test_at_a_boundary_only_what_was_known_by_then_is_visible() -> None:
    seen = watch(History(info()), run([], [40], -1, False))
    shown = seen[40]
    assert shown["train/loss"][0] == list(range(40))
    assert shown["val/loss"][0] == [0, 20, 40]
    assert (shown["turns"], shown["knob"]) == ((), 0.1)
    assert (len(seen[50]["turns"]), len(seen[50]["marks"]), seen[50]["knob"]) == (1, 1, 40)


def test_between_boundaries_everything_that_came_is_visible() -> None:
    history = History(info())
    watch(history, [at(0), between(0, 37), KnobTurned(37, "lr", 0.1, 9.0, 9.0, "user")])
    assert (history.step, history.boundary, history.knob("lr"), history.seconds) == (37, 30, 9.0, 0.37)
    loss = history.get("train/loss")
    assert loss is not None
    assert loss.last_step == 36
    assert history.get("nothing") is None


def test_a_rest_at_a_boundary_is_judged_once_its_points_are_there() -> None:
    history = History(info())
    assert list(watch(history, [at(0), between(0, 20)])) == [0, 10]
    assert list(watch(history, [StateChanged(20, "paused")])) == []  # the evaluation at 20 is still to come
    history = History(info())
    assert list(watch(history, [at(0), between(0, 20), at(20), StateChanged(20, "paused")])) == [0, 10, 20]
    turned = KnobTurned(20, "lr", 0.1, 9.0, 9.0, "user")
    assert list(watch(history, [turned, StateChanged(20, "running"), between(20, 45)])) == [30, 40]


def test_the_first_nonfinite_step_is_a_boundary_also_when_a_guard_pauses_there() -> None:
    history = History(info())
    assert list(watch(history, [at(0), between(0, 14, bad=13), StateChanged(14, "paused", "loss is NaN")])) == [
        0,
        10,
        14,
    ]


@pytest.mark.parametrize("end", [StateChanged(33, "stopped"), EngineLost(1, "")])
def test_the_end_is_a_boundary_wherever_it_comes(end: Event) -> None:
    history = History(info())
    seen = watch(history, [at(0), between(0, 33), end])
    assert list(seen) == [0, 10, 20, 30, 33]
    assert list(watch(history, [StateChanged(33, "stopped")])) == []


def test_going_on_past_the_end_goes_on_with_boundaries() -> None:
    history = History(info())
    watch(history, run([], [], -1, False))
    state: RunState = "running"
    assert list(watch(history, [StateChanged(STEPS, state), between(STEPS, STEPS + 25)])) == [110, 120]
    assert np.isfinite(history.seconds)
