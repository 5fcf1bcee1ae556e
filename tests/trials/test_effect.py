"""What a turn caused, from made-up lines whose truth is known."""

import math
from array import array
from collections.abc import Callable

import numpy as np
import pytest

from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.telemetry.history import History
from nnlab.trials.effect import KEPT_POINTS, Account, Appearance, Effect, Turned, effect, from_text, to_text
from nnlab.trials.effect_words import sentence
from nnlab.wire.events import Frame
from nnlab.wire.values import RunInfo

INFO = RunInfo("r", "s", "t", "mlp", "", 0, "cpu", 1000, 32, 10, 10, 10, 10)
BEGIN, END = 400, 700
LR = (Turned("lr", 0.001, 0.01),)


def line(**courses: Callable[[int], float]) -> History:
    """A run of 1000 steps with a reading every ten; "__" in a name stands for "/"."""
    history = History(INFO)
    steps = array("q", range(0, 1000, 10))
    names = tuple(name.replace("__", "/") for name in courses)
    values = tuple(array("d", map(course, steps)) for course in courses.values())
    for _ in history.feed(Frame(1000, names, tuple(steps for _ in names), values)):
        pass
    return history


def noise(size: float, seed: int) -> Callable[[int], float]:
    """The same at the same step."""
    drawn = np.random.default_rng(seed).normal(0.0, size, 1000)
    return lambda step: 0.5 + float(drawn[step])


def compared(run: History, twin: History, turns: tuple[Turned, ...] = LR, end: int = END) -> Effect:
    return effect(turns, BEGIN, end, Account(run, ()), Account(twin, ()))


def test_a_difference_is_told_with_its_size_and_since_when() -> None:
    run = line(val__loss=lambda step: 0.5 if step < 520 else 0.3)
    found = compared(run, line(val__loss=lambda _: 0.5))
    assert (found.measure, found.treated, found.untouched, found.since) == ("val/loss", 0.3, 0.5, 520)
    assert found.readings == 30
    assert found.better
    assert sentence(found) == (
        "lr 0.001 → 0.01 caused: validation loss 0.3 instead of 0.5 (better), visible since step 520"
    )


def test_what_lies_after_the_end_or_before_the_turn_does_not_count() -> None:
    twin = line(val__loss=lambda _: 0.5)
    late = compared(line(val__loss=lambda step: 0.5 if step <= END else 9.0), twin)
    early = compared(line(val__loss=lambda step: 0.5 if step > BEGIN else 9.0), twin)
    assert not late.visible
    assert not early.visible


@pytest.mark.parametrize("seed", range(20))
def test_two_lines_that_differ_by_chance_alone_are_not_told_apart(seed: int) -> None:
    found = compared(line(val__loss=noise(0.05, seed)), line(val__loss=noise(0.05, seed + 100)))
    assert found.since is None
    assert "no effect that can be told from noise: validation loss" in sentence(found)


def test_the_scatter_hides_a_small_difference_and_not_a_large_one() -> None:
    twin, shaken = line(val__loss=noise(0.05, 1)), noise(0.05, 2)
    small = compared(line(val__loss=lambda step: shaken(step) + 0.05), twin)
    large = compared(line(val__loss=lambda step: shaken(step) + 0.4), twin)
    assert not small.visible
    assert large.since == BEGIN + 10
    assert not large.better


def test_a_difference_that_has_gone_at_the_end_is_none() -> None:
    run = line(val__loss=lambda step: 2.0 if step < 600 else 0.5)
    assert compared(run, line(val__loss=lambda _: 0.5)).since is None


def test_a_loss_that_is_no_number_any_more() -> None:
    run = line(val__loss=lambda step: 0.5 if step < 450 else math.nan)
    found = compared(run, line(val__loss=lambda _: 0.5))
    assert (found.treated, found.since, found.better) == (math.inf, 450, False)
    assert "validation loss not finite instead of 0.5 (worse)" in sentence(found)
    assert not compared(run, run).visible


def test_too_few_readings_say_so() -> None:
    flat = line(val__loss=lambda _: 0.5)
    found = compared(line(val__loss=lambda _: 0.1), flat, end=420)
    assert found.early
    assert sentence(found) == "lr 0.001 → 0.01: too early to tell what it caused, after 2 readings of validation loss"
    assert "nothing that is measured compares" in sentence(compared(line(lr=abs), line(lr=abs)))


def test_a_knob_that_changes_what_the_loss_says_is_judged_by_something_else() -> None:
    both = line(val__loss=lambda _: 0.5, val__accuracy=lambda _: 0.9)
    assert compared(both, both, (Turned("label_smoothing", 0.0, 0.1),)).measure == "val/accuracy"


def test_findings_that_stand_on_one_side_only() -> None:
    def finding(mode: str, detected: int, cleared: int | None = None) -> Finding:
        return Finding(mode, "warning", 0.9, detected, detected, cleared, "so it is")

    plateau, gone = finding("plateau", 300), finding("plateau", 300, 560)
    spikes, many = finding("lr-too-high", 480), finding("confounded-changes", 410)
    slow, dead = finding("lr-too-low", 500), finding("dead-units", 510)
    run = Diagnosis(690, "lr-too-high", spikes, (spikes, many), (spikes, many, gone), {"dead-units": "quiet until 720"})
    twin = Diagnosis(690, "plateau", plateau, (plateau, slow, dead), (plateau, slow, dead))
    later = Diagnosis(710, "learning")
    flat = line(val__loss=lambda _: 0.5)
    found = effect(LR, BEGIN, END, Account(flat, (run, later)), Account(flat, (twin, later)))
    assert found.brought == (Appearance("lr-too-high", 480, before=False),)
    assert found.spared == (Appearance("plateau", 560, before=True), Appearance("lr-too-low", 500, before=False))
    assert (found.verdict, found.without) == ("lr-too-high", "plateau")
    assert sentence(found) == (
        "lr 0.001 → 0.01 caused: lr too high since step 480, which the untouched twin does not have; "
        "plateau cured at step 560; no lr too low, which the untouched twin has since step 500; "
        "no difference in validation loss beyond the noise"
    )


def test_the_journal_keeps_all_of_it_and_the_twins_course() -> None:
    run = line(train__loss=lambda _: 1.0, val__loss=lambda step: 0.5 if step < 520 else math.nan)
    found = compared(run, line(train__loss=float, val__loss=lambda _: 0.5))
    assert from_text(to_text(found)) == found
    assert found.courses["val/loss"] == (tuple(range(410, 710, 10)), (0.5,) * 30)
    assert from_text("{}") is None
    assert from_text("a note") is None
    long = effect(LR, 0, 1000, Account(run, ()), Account(line(train__loss=float), ()))
    steps, values = long.courses["train/loss"]
    assert len(steps) == len(values) == KEPT_POINTS
    assert steps[-1] == 990
