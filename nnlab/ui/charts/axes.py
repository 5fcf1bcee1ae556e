"""Axes as pure functions: limits that hold still, and ticks that read well."""

import math
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts.numbers import compact

RENARD = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.4, 8.0, 10.0)
"""Preferred numbers, each about 1.25 times the one before: the jumps in which the x axis grows."""

HEADROOM = 0.06
"""Share of the range left free above and below the data when limits are chosen anew."""

SLACK = 0.35
"""Limits are kept while the data fills at least this share of them: anything tighter repaints the chart too often."""

Limits = tuple[float, float]

Scale = Literal["linear", "log", "auto"]
"""How values stand on the axis; auto is linear, and log where a few values would push all others against the floor."""

LOG_FROM, LINEAR_UNTIL = 200.0, 30.0
"""An automatic axis becomes logarithmic when the highest value is so many times the median, and stays so until it is
less than so many times: a spike stays readable, and the axis does not go back and forth."""


def wants_log(values: NDArray[np.float64], log_now: bool) -> bool:
    """Whether an automatic axis should be logarithmic for these values (finite), of which it is one already or not."""
    if not len(values) or float(values.min()) < 0:
        return False
    positive = values[values > 0]
    if not len(positive):
        return False
    return float(positive.max()) > (LINEAR_UNTIL if log_now else LOG_FROM) * float(np.median(positive))


def x_end(planned: int, step: int) -> int:
    """The last step on the x axis: `planned` until it is passed, then growing in jumps of about a quarter."""
    if step <= planned and planned > 0:
        return planned
    need = max(step, 10)
    scale = 10.0 ** math.floor(math.log10(need))
    for factor in RENARD:
        if factor * scale >= need:
            return max(math.ceil(factor * scale), planned)
    return need


def hold_limits(held: Limits | None, low: float, high: float) -> Limits:
    """Limits for data from `low` to `high` (finite): those held if they still suit, else wider or tighter ones.

    A side that the data leaves moves out past it by the headroom of a rounded range; limits that have become far too
    wide are chosen anew.
    """
    fresh = fit_limits(low, high)
    if held is None:
        return fresh
    bottom = held[0] if low >= held[0] else fresh[0]
    top = held[1] if high <= held[1] else fresh[1]
    return fresh if fresh[1] - fresh[0] < SLACK * (top - bottom) else (bottom, top)


def fit_limits(low: float, high: float) -> Limits:
    """Rounded limits around the data, with headroom.

    0 stays a limit where the data starts or ends close to it, and so does 1 for shares: no accuracy is 1.2.
    """
    low, high = min(low, high), max(low, high)
    least, most = low, high
    span = high - low
    size = max(abs(low), abs(high))
    if span <= size * 1e-9:  # as good as constant
        span = size * 0.2 or 1.0
        low, high = low - span / 2, high + span / 2
    unit = tick_unit(span, 8)
    bottom = math.floor((low - HEADROOM * span) / unit) * unit
    top = math.ceil((high + HEADROOM * span) / unit) * unit
    if least >= 0 and bottom < 0:
        bottom = 0.0
    if most <= 0 < top and bottom < 0:
        top = 0.0
    if least >= 0 and most <= 1 < top:
        top = 1.0
    return (bottom, top) if top > bottom else (bottom, bottom + unit)


def tick_unit(span: float, count: int) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that cuts `span` into at most `count` parts."""
    rough = span / max(count, 1)
    if not rough > 0 or not math.isfinite(rough):
        return 1.0
    scale = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 2.5, 5.0):
        if factor * scale >= rough * (1 - 1e-9):
            return factor * scale
    return 10.0 * scale


def linear_ticks(limits: Limits, count: int) -> list[float]:
    """At most `count` + 1 rounded values inside the limits, increasing."""
    low, high = limits
    unit = tick_unit(high - low, count)
    first = math.ceil(low / unit - 1e-9)
    last = math.floor(high / unit + 1e-9)
    return [k * unit for k in range(first, last + 1)] if last - first <= 4 * max(count, 1) else [low, high]


def log_ticks(limits: Limits, count: int) -> list[float]:
    """Ticks of a log axis as log10 values, for limits in log10: whole powers of ten, thinned to `count` + 1 at most.

    With fewer than two powers of ten inside, 2 and 5 times a power join in; failing that, linear ticks.
    """
    low, high = limits
    powers = [float(k) for k in range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)]
    every = max(1, math.ceil(len(powers) / (count + 1)))
    if len(powers) >= 2:
        round_ones = [power for power in powers if power % every == 0]
        return round_ones if len(round_ones) >= 2 else powers[::every]
    fine = [k + math.log10(f) for k in range(math.floor(low), math.ceil(high) + 1) for f in (1, 2, 5)]
    fine = [value for value in fine if low - 1e-9 <= value <= high + 1e-9]
    if 2 <= len(fine) <= count + 1:
        return fine
    inner = linear_ticks((10.0**low, 10.0**high), max(1, count)) if abs(low) < 300 and abs(high) < 300 else []
    return [math.log10(value) for value in inner if value > 0] or powers


def tick_label(value: float, ticks: list[float]) -> str:
    """A tick's value in as many digits as it takes to tell the ticks apart."""
    unit = min((b - a for a, b in pairwise(ticks)), default=abs(value))
    size = max(abs(tick) for tick in ticks)
    digits = 3 if unit <= 0 or size <= 0 else max(3, math.ceil(math.log10(size / unit) - 1e-9) + 2)
    return compact(value, min(digits, 6))
