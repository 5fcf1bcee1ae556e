"""What is told of the memory of the optimizer, and where on the learning rate its edge is."""

import itertools
import math
from dataclasses import replace

import pytest

from nnlab.ui.views.journal import journal
from nnlab.ui.views.knob_hints import hints, stable_edge
from nnlab.ui.views.staleness import stale
from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.values import KnobSpec

KNOBS = (
    KnobSpec("lr", "learning rate", 1e-3, "log"),
    KnobSpec("optimizer", "optimizer", "adam", "choice"),
    KnobSpec("reset_optimizer", "moments", False, "action"),
    KnobSpec("batch_size", "batch size", 32, "log_integer"),
)


@pytest.fixture
def told(known, info):
    """The history of a run of 600 steps with these turns (step, knob, old, new) and further series."""

    def make(*turns, optimizer="adam", facts=None, **series):
        knobs = tuple(replace(spec, value=optimizer) if spec.id == "optimizer" else spec for spec in KNOBS)
        run = replace(info, knobs=knobs, facts=facts or {"optimizer.betas": "0.9,0.99", "optimizer.momentum": 0.9})
        points = {"grad/norm": [(step, 2.0 if step < 500 else 0.1) for step in range(600)]} | series
        return known(points, *(KnobTurned(*turn, turn[-1], "user") for turn in turns), run=run).history

    return make


def test_the_share_of_a_bias_corrected_moment_that_is_of_before_a_change(told) -> None:
    history = told((500, "batch_size", 32, 64), **{"optimizer/expected_norm": [(490, 2.0), (550, 0.4)]})
    found = stale(history, 550)
    assert found.share == pytest.approx((0.99**50 - 0.99**550) / (1 - 0.99**550))
    assert (found.knob, found.step, found.off) == ("batch_size", 500, pytest.approx(4.0))
    assert found.matters
    assert found.told()[0] == "60 % from before batch_size at 500, 4 × off"
    assert stale(history, 499) is None


def test_a_reset_another_optimizer_and_taking_it_back_leave_nothing_stale(told) -> None:
    change = (500, "batch_size", 32, 64)
    assert stale(told(change), 520)
    for cure in (("reset_optimizer", False, True), ("optimizer", "adam", "adamw"), ("batch_size", 64, 32)):
        assert stale(told(change, (502, *cure)), 520) is None
    assert hints(told(change, (510, "reset_optimizer", False, True)))["reset_optimizer"].notes[-1] == "up to date"


def test_many_small_turns_of_the_learning_rate_add_up(told) -> None:
    rates = [1e-3 * 1.26**n for n in range(12)]
    history = told(*((500 + n, "lr", old, new) for n, (old, new) in enumerate(itertools.pairwise(rates))))
    assert stale(history, 508) is None
    assert stale(history, 511).knob == "lr"


def test_a_new_phase_of_the_data_leaves_the_moments_of_the_old_one(known, info) -> None:
    run = replace(info, knobs=KNOBS, facts={"optimizer.betas": "0.9,0.99"})
    history = known({"grad/norm": [(599, 1.0)]}, Marked(500, "phase", "task 1"), run=run).history
    assert stale(history, 510).told()[0] == "90 % from before new data at 500"
    assert stale(history, 499) is None


@pytest.mark.parametrize(("optimizer", "share"), [("sgd", 0.9**10), ("adagrad", 500 / 510)])
def test_each_rule_forgets_at_its_own_pace(told, optimizer, share) -> None:
    found = stale(told((500, "batch_size", 32, 8), optimizer=optimizer), 510)
    assert found.share == pytest.approx(share)


def test_momentum_that_points_uphill_matters(told) -> None:
    history = told((500, "batch_size", 32, 8), optimizer="sgd", **{"optimizer/agreement": [(505, -0.4)]})
    assert stale(history, 505).matters
    assert stale(history, 505).told()[-2].endswith("uphill")


def test_the_journal_says_what_a_turn_leaves_behind(told) -> None:
    rows = journal(told((500, "batch_size", 32, 64), (520, "lr", 1e-3, 2e-3)), None).rows
    assert [("moments are of before" in row.text) for row in rows] == [False, True]


def test_the_edge_is_in_units_of_the_knob_under_a_schedule(told) -> None:
    series = {"lr": [(100, 5e-4), (200, 1e-4)], "lr/stable": [(100, 0.02), (200, 0.03)]}
    assert stable_edge(told(**series), 150) == 0.02
    halved = told(facts={"schedule.kind": "cosine"}, **series)
    assert stable_edge(halved, 150) == pytest.approx(0.04)
    assert stable_edge(halved, 600) == pytest.approx(0.3)
    assert stable_edge(halved, 50) is None
    assert math.isclose(hints(halved)["lr"].edge, 0.3)
