"""What was set over the course of a run: a curve with its edge, and a lane with its values for each setting."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts import inks, numbers
from nnlab.ui.charts.canvas import Canvas
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.charts.heading import heading

LABEL, NARROW_LABEL = 16, 14
NOW = 9
"""Cells of the value at the right end."""
TALLEST = 12
"""Rows of the curve at most."""
MARGIN = 0.05
"""Powers of ten above and below the curve."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Lane:
    """A setting: the steps at which it took a value, the first one being 0, and the values in words."""

    label: str
    changes: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A measured course, drawn by its logarithm between its smallest and its largest value, which are written at the
    ends of the axis; `now` is the newest one in words, and stands with the name at the height of the end."""

    label: str
    steps: Ints
    values: Floats
    now: str
    edge_steps: Ints
    edge: Floats
    """What it must not exceed, drawn dashed."""

    @property
    def bare(self) -> bool:
        """Whether it has one value only, and no edge to be held against."""
        return not len(self.edge) and (not len(self.values) or float(np.ptp(self.values)) == 0.0)


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
        tall = min(max(height - 2 - len(self.lanes), 1), 1 if self.curve.bare else TALLEST)
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
        curve = self.curve
        if curve.bare:
            self._lane(grid, 1, Lane(curve.label, ((0, curve.now),)), at, glyphs)
            return
        canvas = Canvas(across, tall, glyphs)
        done = int(self.done / max(self.last, 1) * (canvas.dots_wide - 1)) + 1
        at_steps = np.arange(done) * max(self.last, 1) / max(canvas.dots_wide - 1, 1)
        lines = [_held(curve.steps, curve.values, at_steps), _held(curve.edge_steps, curve.edge, at_steps)]
        seen = np.concatenate([line[np.isfinite(line)] for line in lines])
        if not len(seen):
            self._ends(grid, tall, curve.label, curve.now, at, glyphs)
            return
        for y, value in ((1, float(seen.max())), (tall, float(seen.min()))) if tall > 1 else ():
            self._value(grid, y, numbers.compact(10.0**value), x + across + 1, inks.ink("muted"), glyphs)
        limits = (float(seen.min()) - MARGIN, float(seen.max()) + MARGIN)
        for line, role, texture in zip(lines, ("s1", "warn"), ("solid", "dashed"), strict=True):
            kept = np.flatnonzero(np.isfinite(line))
            canvas.line(kept, canvas.rows(line[kept], limits), inks.ink(role), texture=texture)
        codes, colours = canvas.cells()
        grid.codes[1 : 1 + tall, x : x + across] = codes
        grid.inks[1 : 1 + tall, x : x + across] = colours
        rate = lines[0][np.isfinite(lines[0])]
        row = int(canvas.rows(rate[-1:], limits)[0] + 0.5) // glyphs.tall if len(rate) else tall - 1
        self._ends(grid, 1 + row, curve.label, curve.now, at, glyphs)

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
        self._value(grid, y, now, x + across + 1, inks.ink("text", "bold"), glyphs)

    def _value(self, grid: Grid, y: int, value: str, x: int, ink: int, glyphs: Glyphs) -> None:
        """A value in the last columns, which begin at `x`; what stood there is gone."""
        grid.put(y, x, shorten(one_cell_each(value), NOW, glyphs.ellipsis).rjust(NOW), ink)


def _held(steps: Ints, values: Floats, at: Floats) -> Floats:
    """Logarithms of the values as they held at these steps; NaN before the first one and where there is none."""
    places = np.searchsorted(steps, at, side="right") - 1
    known = np.append(values, np.nan)[places]
    return np.log10(np.where(known > 0.0, known, np.nan))


def _column(step: int, last: int, across: int) -> int:
    return min(int(step / max(last, 1) * across), across - 1)
