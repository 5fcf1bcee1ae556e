"""A line chart's content, reduced to the dot columns it will be drawn in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts.axes import Limits
from nnlab.ui.charts.canvas import Columns, to_columns
from nnlab.ui.charts.lines import Floats, Line, Mark

HUGE = 1e150
"""Values are held within ±HUGE, so that differences of limits stay finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What to draw.

    `first` and `last` are the steps at the ends of the axis. With `log_y`, values on the axis are log10 of the series.
    Lines whose labels are `hidden` are named, not drawn. `smooth` is the smoothing length as a share of the axis, 0 for
    none. `cursor` is the step that is looked at.
    """

    title: str
    unit: str = ""
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    guides: tuple[tuple[float, str], ...] = ()
    first: int = 0
    last: int = 1
    step: int = 0
    log_y: bool = False
    smooth: float = 0.0
    cursor: int | None = None
    hidden: frozenset[str] = frozenset()
    empty: str = ""

    @property
    def drawn(self) -> tuple[Line, ...]:
        """The lines that are not hidden, those behind first."""
        shown = (line for line in self.lines if line.label not in self.hidden)
        return tuple(sorted(shown, key=lambda line: not line.faint))

    @property
    def span(self) -> tuple[int, int]:
        """The ends of the axis, at least a step apart."""
        return self.first, max(self.last, self.first + 1)


def reduce(scene: Scene, dots: int) -> tuple[Columns, ...]:
    """Each line drawn in `dots` columns, in axis units; on a log axis values that are not positive are dropped."""
    limits = (float(scene.span[0]), float(scene.span[1]))
    return tuple(
        _on_axis(
            to_columns(*_reaching(line, limits), limits=limits, count=dots),
            scene.log_y,
        )
        for line in scene.drawn
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


def columns_of(steps: NDArray[np.int64], span: tuple[int, int], count: int) -> NDArray[np.int64]:
    """The column of each step among `count`, for steps on the axis."""
    first, last = span
    inside = steps[(steps >= first) & (steps <= last)]
    return ((inside - first) * ((count - 1) / max(last - first, 1)) + 0.5).astype(np.int64)


def step_of(column: float, span: tuple[int, int], count: int) -> int:
    """The step at a column among `count`: the other way round."""
    first, last = span
    return round(first + min(max(column / max(count - 1, 1), 0.0), 1.0) * (last - first))


def _reaching(line: Line, limits: tuple[float, float]) -> tuple[Floats, Floats, Floats, Floats]:
    """Steps, low, high and mean, with points put where the line crosses the ends of the axis between two of its own.

    Without them a series that is measured more rarely than the axis is wide would vanish from a narrow window.
    """
    x, low, high, mean = line.steps.astype(np.float64), line.low, line.high, line.mean
    for edge in limits:
        after = int(np.searchsorted(x, edge))
        if 0 < after < len(x) and x[after] != edge and np.isfinite(mean[after - 1 : after + 1]).all():
            share = (edge - x[after - 1]) / (x[after] - x[after - 1])
            value = mean[after - 1] * (1 - share) + mean[after] * share
            x = np.insert(x, after, edge)
            low, high, mean = (np.insert(part, after, value) for part in (low, high, mean))
    return x, low, high, mean


def _on_axis(columns: Columns, log_y: bool) -> Columns:
    if not log_y:
        low, high, mean = (np.clip(part, -HUGE, HUGE) for part in (columns.low, columns.high, columns.mean))
        return replace(columns, low=low, high=high, mean=mean)
    keep = columns.mean > 0
    mean = columns.mean[keep]
    low = np.where(columns.low[keep] > 0, columns.low[keep], mean)
    return Columns(columns.at[keep], np.log10(low), np.log10(columns.high[keep]), np.log10(mean), columns.gap[keep])
