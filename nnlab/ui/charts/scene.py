"""A line chart's content, reduced to the dot columns it will be drawn in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts.axes import Limits
from nnlab.ui.charts.canvas import Columns, to_columns
from nnlab.ui.charts.lines import Line, Mark

HUGE = 1e150
"""Values are held within ±HUGE, so that differences of limits stay finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What to draw. `x_end`: last step on the axis. With `log_y`, values on the axis are log10 of the series."""

    title: str
    unit: str = ""
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    guides: tuple[tuple[float, str], ...] = ()
    x_end: int = 1
    step: int = 0
    log_y: bool = False
    empty: str = ""


def reduce(scene: Scene, dots: int) -> tuple[Columns, ...]:
    """Each line in `dots` columns, in axis units; on a log axis values that are not positive are dropped."""
    limits = (0.0, float(max(scene.x_end, 1)))
    return tuple(
        _on_axis(
            to_columns(line.steps.astype(np.float64), line.low, line.high, line.mean, limits=limits, count=dots),
            scene.log_y,
        )
        for line in scene.lines
    )


def extent(columns: Sequence[Columns]) -> Limits | None:
    """Lowest and highest value in sight, None when there is none."""
    filled = [c for c in columns if len(c.at)]
    if not filled:
        return None
    return min(float(c.low.min()) for c in filled), max(float(c.high.max()) for c in filled)


def to_axis(value: float, log_y: bool) -> float | None:
    """A single value in axis units, None where the axis has no place for it."""
    if not math.isfinite(value) or (log_y and value <= 0):
        return None
    return math.log10(value) if log_y else value


def columns_of(steps: NDArray[np.int64], x_end: int, count: int) -> NDArray[np.int64]:
    """The column of each step among `count`, for steps on the axis."""
    inside = steps[(steps >= 0) & (steps <= x_end)]
    return (inside * ((count - 1) / max(x_end, 1)) + 0.5).astype(np.int64)


def _on_axis(columns: Columns, log_y: bool) -> Columns:
    if not log_y:
        low, high, mean = (np.clip(part, -HUGE, HUGE) for part in (columns.low, columns.high, columns.mean))
        return Columns(columns.at, low, high, mean)
    keep = columns.mean > 0
    mean = columns.mean[keep]
    low = np.where(columns.low[keep] > 0, columns.low[keep], mean)
    return Columns(columns.at[keep], np.log10(low), np.log10(columns.high[keep]), np.log10(mean))
