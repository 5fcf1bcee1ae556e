"""Axes hold still and read well, whatever the data."""

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from nnlab.ui.charts import axes

finite = st.floats(-1e12, 1e12, allow_nan=False)
steps = st.integers(0, 10_000_000)


@given(planned=steps, step=steps)
def test_x_axis_holds_the_step_and_the_plan(planned: int, step: int) -> None:
    end = axes.x_end(planned, step)
    assert end >= max(planned, step, 1)
    assert end == planned or end <= max(1.3 * step + 1, planned, 10)


def test_x_axis_grows_in_few_jumps() -> None:
    ends = {axes.x_end(1000, step) for step in range(0, 100_001, 10)}
    assert 1000 in ends
    assert len(ends) <= 25


@given(low=finite, high=finite)
def test_fresh_limits_hold_the_data(low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    bottom, top = axes.fit_limits(low, high)
    assert bottom <= low <= high <= top
    assert bottom < top


@given(held=st.tuples(finite, finite), low=finite, high=finite)
def test_held_limits_hold_the_data(held: tuple[float, float], low: float, high: float) -> None:
    assume(held[0] < held[1] and low <= high)
    bottom, top = axes.hold_limits(held, low, high)
    assert bottom <= low <= high <= top
    assert axes.hold_limits((bottom, top), low, high) == (bottom, top)  # settled at once


def test_a_slowly_falling_series_moves_the_limits_rarely() -> None:
    held, changes = None, 0
    for step in range(2000):
        fresh = axes.hold_limits(held, 0.01, 2.3 * math.exp(-step / 1000) + 0.1)
        changes += fresh != held
        held = fresh
    assert changes <= 4


@given(low=finite, span=st.floats(1e-6, 1e12), count=st.integers(1, 20))
def test_linear_ticks_lie_inside_evenly(low: float, span: float, count: int) -> None:
    assume(span > abs(low) * 1e-9)
    ticks = axes.linear_ticks((low, low + span), count)
    assert len(ticks) <= count + 1
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in ticks)
    assert ticks == sorted(ticks)


@given(low=st.floats(-30, 30), span=st.floats(0.01, 60), count=st.integers(2, 12))
def test_log_ticks_lie_inside(low: float, span: float, count: int) -> None:
    ticks = axes.log_ticks((low, low + span), count)
    assert all(low - 1e-6 <= tick <= low + span + 1e-6 for tick in ticks)
    assert len(ticks) <= count + 1 or span < 2


def test_known_ticks() -> None:
    assert axes.linear_ticks((0, 3000), 4) == [0, 1000, 2000, 3000]
    assert axes.log_ticks((-4, 2), 3) == [-4, -2, 0, 2]
    assert [axes.tick_label(v, [1.0025, 1.005]) for v in (1.0025, 1.005)] == ["1.0025", "1.005"]


def test_an_automatic_axis_turns_logarithmic_for_a_spike_and_not_back_and_forth() -> None:
    calm = np.full(100, 0.7)
    spike = np.concatenate((calm, [3e5]))
    ebbing = np.concatenate((calm, [0.7 * 100]))
    assert not axes.wants_log(calm, False)
    assert axes.wants_log(spike, False)
    assert axes.wants_log(ebbing, True) and not axes.wants_log(ebbing, False)
    assert not axes.wants_log(calm, True)
    assert not axes.wants_log(np.concatenate((spike, [-1.0])), True)
    assert axes.wants_log(np.concatenate((spike, [0.0])), False)
    assert not axes.wants_log(np.empty(0), True)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_axis_of_a_share_ends_at_one(one: float, other: float) -> None:
    bottom, top = axes.fit_limits(one, other)
    assert 0.0 <= bottom < top <= 1.0
