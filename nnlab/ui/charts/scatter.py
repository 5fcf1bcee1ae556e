"""Points on a plane, told apart by shape and colour."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.heading import heading
from nnlab.ui.charts.numbers import compact

Floats = NDArray[np.float64]

NICE = (1.0, 2.0, 5.0, 10.0)
"""Ends of the axes in powers of ten: they change in jumps and the points, not the axes, are seen moving."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of point: its name, its place in the shapes, its colour."""

    name: str
    shape: int
    role: str


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Points `x`, `y` [n] about the origin, `kind` [n] numbers of `kinds`; the earlier kinds lie on top."""

    title: str
    note: str
    aside: str
    x: Floats
    y: Floats
    kind: Floats
    kinds: tuple[Kind, ...]

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """Title, plane, and a line that says which shape is what and how far the axes reach."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note, self.aside)
        down = height - 2
        if down < 2 or width < 8:
            return grid
        reach = nice_reach(float(max(np.abs(self.x).max(initial=0.0), np.abs(self.y).max(initial=0.0))))
        grid.inks[1:-1] = inks.pair(inks.tone("border", 0), inks.tone("border", 1))
        columns = np.rint((self.x / reach + 1) / 2 * (width - 1)).astype(int)
        rows = np.rint((1 - self.y / reach) / 2 * (down - 1)).astype(int)
        for number, kind in reversed(list(enumerate(self.kinds))):
            ink = inks.pair(inks.tone(kind.role), inks.tone("border", 1))
            for place in np.flatnonzero(self.kind == number).tolist():
                grid.put(1 + int(rows[place]), int(columns[place]), glyphs.shapes[kind.shape], ink)
        x = 0
        for kind in self.kinds:
            grid.put(height - 1, x, f"{glyphs.shapes[kind.shape]} {kind.name}", inks.ink(kind.role))
            x += len(kind.name) + 4
        ends = f"±{compact(reach)}"
        if x + len(ends) <= width:
            grid.put(height - 1, width - len(ends), ends, inks.ink("muted"))
        return grid


def nice_reach(farthest: float) -> float:
    """The next of 1, 2, 5 times a power of ten at or beyond a distance; 1 for 0."""
    if not farthest > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(farthest))
    return next(step * power for step in NICE if step * power >= farthest * (1 - 1e-12))
