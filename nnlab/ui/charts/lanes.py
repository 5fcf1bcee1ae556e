"""What was set over the course of a run: a curve in columns, and a lane with its values for each setting."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts import inks, numbers
from nnlab.ui.charts.columns import columns
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.charts.heading import heading
from nnlab.ui.charts.heat import over_columns

LABEL, NARROW_LABEL = 16, 14
NOW = 9
"""Cells of the value at the right end."""
TALLEST = 12
"""Rows of the curve at most."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A setting: the steps at which it took a value, the first one being 0, and the values in words."""

    label: str
    changes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A measured course, drawn by its logarithm between its smallest and its largest value; `now` is the newest one
    in words."""

    label: str
    steps: NDArray[np.int64]
    values: NDArray[np.float64]
    now: str

    @property
    def moves(self) -> bool:
        """Whether it takes more than one value."""
        return len(self.values) > 0 and float(np.ptp(self.values)) > 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """A curve over lanes, over the steps 0 to `last`, of which `done` are trained."""

    title: str
    note: str
    aside: str
    curve: Curve
    lanes: tuple[Lane, ...]
    done: int
    last: int

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """The curve gets the rows that the lanes leave; lanes for which there is no row are left out."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note, self.aside)
        label = LABEL if width >= 60 else NARROW_LABEL
        across = max(width - label - NOW - 1, 4)
        tall = min(max(height - 2 - len(self.lanes), 1), TALLEST if self.curve.moves else 1)
        self._curve(grid, tall, (label, across), glyphs)
        bottom = min(1 + tall + len(self.lanes), height - 1)
        for y, lane in enumerate(self.lanes[: max(bottom - 1 - tall, 0)], 1 + tall):
            self._lane(grid, y, lane, (label, across), glyphs)
        end = numbers.compact(float(self.last), 4)
        grid.put(bottom, label, "0", inks.ink("muted"))
        grid.put(bottom, label + across - len(end), end, inks.ink("muted"))
        return grid

    def _curve(self, grid: Grid, tall: int, at: tuple[int, int], glyphs: Glyphs) -> None:
        x, across = at
        if not self.curve.moves:
            self._lane(grid, 1, Lane(self.curve.label, ((0, self.curve.now),)), at, glyphs)
            return
        self._ends(grid, tall, self.curve.label, self.curve.now, at, glyphs)
        kept = self.curve.values > 0.0
        steps, values = self.curve.steps[kept], np.log10(self.curve.values[kept])
        if not len(values):
            return
        low, span = float(values.min()), float(np.ptp(values)) or 1.0
        shares = 0.15 + 0.85 * (values - low) / span
        level = np.array([share or 0.0 for share in over_columns(steps, shares, self.last, across)])
        columns(grid, 1, x, level, tall, inks.ink("s1"), glyphs)

    def _lane(self, grid: Grid, y: int, lane: Lane, at: tuple[int, int], glyphs: Glyphs) -> None:
        x, across = at
        self._ends(grid, y, lane.label, lane.changes[-1][1], at, glyphs)
        done = _column(self.done, self.last, across) + 1
        grid.put(y, x, glyphs.floor * done, inks.ink("border"))
        places = [_column(step, self.last, across) for step, _ in lane.changes]
        for (step, text), place, following in zip(lane.changes, places, [*places[1:], done], strict=True):
            if step:
                grid.put(y, x + place, glyphs.step_tick, inks.ink("mark", "bold"))
            room = following - place - 2
            if room >= len(text):
                grid.put(y, x + place + 1, one_cell_each(text), inks.ink("text"))

    def _ends(self, grid: Grid, y: int, label: str, now: str, at: tuple[int, int], glyphs: Glyphs) -> None:
        """The name on the left, the present value on the right."""
        x, across = at
        grid.put(y, 0, shorten(one_cell_each(label), x - 1, glyphs.ellipsis), inks.ink("text"))
        text = shorten(one_cell_each(now), NOW, glyphs.ellipsis)
        grid.put(y, x + across + 1 + NOW - len(text), text, inks.ink("text", "bold"))


def _column(step: int, last: int, across: int) -> int:
    return min(int(step / max(last, 1) * across), across - 1)
