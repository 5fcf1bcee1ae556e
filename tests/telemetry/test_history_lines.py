"""A history that follows rewinds and branches: one coherent line, the others within reach, the same findings."""

import math
from typing import Any

import numpy as np
import pytest

from nnlab.diagnosis.attending import Attending, attending
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.telemetry.series import WINDOW
from nnlab.wire.events import Branched, BranchNamed, Event, Frame, KnobTurned, Marked, Rewound, StateChanged
from nnlab.wire.frames import frame
from nnlab.wire.values import Branch, KnobSpec, RunInfo, SeriesSpec


def info(steps: int = 100, every: int = 10) -> RunInfo:
    return RunInfo(
        "r", "demo", "", "mlp", "", 7, "cpu", steps, 8, 10, eval_every=20, probe_every=5, diagnose_every=every,
        knobs=(KnobSpec("lr", "lr", 0.1, "log"),),
        series=(SeriesSpec("train/loss", ""), SeriesSpec("val/loss", "", every=20)),
        facts={"constant_loss": 1.0},
    )  # fmt: skip


def stretch(start: int, stop: int, level: float = 1.0) -> Frame:
    """Steps `start` to `stop`, and the evaluations after `start` (at it too, if it is 0) up to `stop`."""
    steps = range(start, stop)
    evaluations = [step for step in range(0, stop + 1, 20) if step > start or step == 0 == start]
    return frame(
        stop,
        {
            "train/loss": (steps, [level / (1 + step) for step in steps]),
            "val/loss": (evaluations, [level + step for step in evaluations]),
        },
    )


def turned(step: int, lr: float) -> KnobTurned:
    return KnobTurned(step, "lr", 0.1, lr, lr, "user")


def seen(line: Any) -> dict[str, tuple[list[int], list[float]]]:
    found = {name: line.get(name) for name in ("train/loss", "val/loss")}
    return {name: (series.steps.tolist(), series.values.tolist()) for name, series in found.items() if series}


def feed(history: History, told: list[Event]) -> list[int]:
    return [boundary for event in told for boundary in history.feed(event)]


ONE = [stretch(0, 30), turned(30, 0.5), Marked(30, "note", "here"), stretch(30, 60, 2.0)]
TWO = [Branched(1, 0, 30, "hot"), turned(30, 9.0), stretch(30, 70, 5.0)]


def test_a_rewound_history_is_that_of_a_run_that_got_this_far() -> None:
    history, straight = History(info()), History(info())
    feed(history, [*ONE, Rewound(30, 0)])
    boundaries = feed(straight, [ONE[0]])
    assert seen(history) == seen(straight)
    assert (history.step, history.turns, history.marks, history.knob("lr")) == (30, (), (), 0.1)
    beyond = history.line(0)
    assert beyond is not None
    assert (beyond.step, len(beyond.turns)) == (60, 1)
    assert feed(history, [Rewound(30, 0)]) == boundaries


def test_the_current_line_is_one_and_the_others_are_kept() -> None:
    history, straight = History(info()), History(info())
    feed(history, [*ONE, Rewound(30, 0), *TWO, BranchNamed(1, "hotter")])
    feed(straight, [ONE[0], *TWO[1:]])
    assert seen(history) == seen(straight)
    assert (history.branch, history.knob("lr"), history.turns) == (1, 9.0, straight.turns)
    assert history.branches == (Branch(0), Branch(1, 0, 30, "hotter"))
    whole = History(info())
    feed(whole, ONE)
    old = history.line(0)
    assert old is not None
    assert seen(old) == seen(whole)
    assert history.line(1) is not None
    assert history.line(7) is None
    feed(history, [Rewound(60, 0)])
    assert seen(history) == seen(whole)
    assert [history.holder(step) for step in (30, 31)] == [0, 0]
    feed(history, [Rewound(70, 1)])
    assert [history.holder(step) for step in (30, 31)] == [0, 1]


def test_a_line_that_is_followed_again_grows_into_what_it_was() -> None:
    history, whole = History(info()), History(info())
    feed(history, [*ONE, Rewound(20, 0), stretch(20, 30), *ONE[1:], stretch(60, 80)])
    feed(whole, [*ONE, stretch(60, 80)])
    assert seen(history) == seen(whole)
    assert history.line(0) is not None
    assert history.line(0).step == 80  # type: ignore[union-attr]


def test_boundaries_are_told_again_from_the_first() -> None:
    history = History(info())
    feed(history, [stretch(0, 45)])
    assert feed(history, [Rewound(34, 0), StateChanged(34, "paused"), stretch(34, 52)]) == [0, 10, 20, 30, 40, 50]
    broken = frame(56, {"train/loss": ([52, 53, 54, 55], [1.0, math.nan, 1.0, 1.0])})
    assert feed(history, [broken]) == [54]
    assert feed(history, [Rewound(52, 0), stretch(52, 61)]) == [0, 10, 20, 30, 40, 50, 60]


def test_the_doctor_says_what_it_would_have_said_of_a_straight_run() -> None:
    crash = frame(60, {"train/loss": (range(30, 60), [1e6 * 2**step for step in range(30)])})
    told = [stretch(0, 30), turned(30, 50.0), crash, Rewound(30, 0), Branched(1, 0, 30, ""), turned(30, 0.2)]
    assert findings([*told, stretch(30, 100)], attending(info())) == findings(
        [stretch(0, 30), turned(30, 0.2), stretch(30, 100)], attending(info())
    )


class Counting:
    """A judge that counts its looks."""

    looks = 0

    def look(self, history: History) -> Diagnosis:
        Counting.looks += 1
        return Diagnosis(history.step, "undecided")

    def copy(self) -> "Counting":
        return self


def test_what_was_looked_at_is_not_looked_at_again() -> None:
    Counting.looks = 0
    judge = Attending(info(), lambda _: Counting())
    findings([stretch(0, 61), Rewound(35, 0), stretch(35, 61)], judge)
    assert Counting.looks == 7
    findings_after = [Rewound(35, 0), Branched(1, 0, 35, ""), stretch(35, 61)]
    findings([stretch(0, 61), *findings_after], judge)
    assert Counting.looks == 7 + 3


def findings(told: list[Event], judge: Attending[Any]) -> Any:
    """What is known at the end of a run."""
    history, last = History(info()), None
    for event in told:
        for _ in history.feed(event):
            last = judge.look(history)
    return last


def test_a_copied_doctor_goes_its_own_way() -> None:
    history, doctor = History(info()), Doctor(info())
    for _ in history.feed(stretch(0, 60)):
        before = doctor.look(history)
        doctor.copy().look(history)
    assert before == findings([stretch(0, 60)], Attending(info(), Doctor))


@pytest.mark.parametrize("steps", [WINDOW, 2 * WINDOW + 1])
def test_a_history_that_cannot_be_cut_says_so(steps: int) -> None:
    history = History(info(steps, every=steps))
    values = np.ones(steps)
    feed(history, [frame(steps, {"train/loss": (np.arange(steps), values)}), Rewound(10, 0)])
    assert history.exact is (steps <= 2 * WINDOW)
    feed(history, [Rewound(0, 0), frame(10, {"train/loss": (np.arange(10), values[:10])})])
    assert history.exact
    assert seen(history)["train/loss"][0] == list(range(10))
