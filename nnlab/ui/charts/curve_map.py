"""A model with one input: its outputs as curves over the input, the data as dots behind them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts import inks
from nnlab.ui.charts.axes import Limits
from nnlab.ui.charts.canvas import Canvas
from nnlab.ui.charts.frame import GUTTER, value_axis
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.heading import heading
from nnlab.ui.charts.lines import TEXTURES
from nnlab.ui.charts.numbers import compact

Floats = NDArray[np.float64]

ROLES = ("text", "s3", "s4", "s5", "s6")
"""Colours of the model's outputs; those beyond are not drawn."""

ROOM = 0.15
"""Of the data's range, above and below it: the axis follows the data, so that the curve alone moves."""


@dataclass(frozen=True, slots=True, eq=False)
class CurveMap:
    """`curves` [K, W] at `x` [W], ascending, of the input called `name`.

    `point_x`, `point_y`, `point_held` [n]: rows of data, held 1 for those that were held out.
    """

    title: str
    aside: str
    name: str
    x: Floats
    curves: Floats
    point_x: Floats
    point_y: Floats
    point_held: Floats

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """Title with the input's range, curves over points."""
        grid = Grid(width, height)
        ends = f"{compact(float(self.x[0]))} … {compact(float(self.x[-1]))}"
        heading(grid, self.title, f"{self.name} {ends}", self.aside)
        across, down = width - GUTTER, height - 2
        if across < 4 or down < 2:
            return grid
        canvas, limits = Canvas(across, down, glyphs), self._limits()
        columns = self._columns(self.point_x, canvas.dots_wide)
        rows = np.rint(canvas.rows(np.nan_to_num(self.point_y), limits)).astype(np.int64)
        for held, role in ((1.0, "val"), (0.0, "train")):
            part = self.point_held == held
            dots = Canvas(across, down, glyphs)
            dots.points(columns[part], rows[part], inks.ink(role))
            _over(grid, dots)
        at = np.arange(canvas.dots_wide)
        places = np.linspace(float(self.x[0]), float(self.x[-1]), canvas.dots_wide)
        for number, curve in enumerate(self.curves[: len(ROLES)]):
            if np.isfinite(curve).all():
                heights = canvas.rows(np.interp(places, self.x, curve), limits)
                canvas.line(at, heights, _ink(number), texture=TEXTURES.get(ROLES[number], "solid"))
        _over(grid, canvas)
        value_axis(grid, limits, False, canvas)
        x = GUTTER
        for text, ink in (("data", inks.ink("train")), ("validation", inks.ink("val")), ("model", _ink(0))):
            grid.put(height - 1, x, text, ink)
            x += len(text) + 2
        return grid

    def _limits(self) -> Limits:
        values = self.point_y[np.isfinite(self.point_y)]
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        room = ROOM * (high - low) or 1.0
        return low - room, high + room

    def _columns(self, values: Floats, count: int) -> NDArray[np.int64]:
        low, high = float(self.x[0]), float(self.x[-1])
        return np.rint((values - low) / ((high - low) or 1.0) * (count - 1)).astype(np.int64)


def _ink(number: int) -> int:
    """The ink of an output's curve."""
    return inks.ink(ROLES[number], "bold")


def _over(grid: Grid, canvas: Canvas) -> None:
    """Lay what a canvas has drawn over the plot's cells; cells that it left alone keep what they hold."""
    codes, drawn = canvas.cells()
    keep = drawn >= 0
    grid.codes[1:-1, GUTTER:][keep] = codes[keep]
    grid.inks[1:-1, GUTTER:][keep] = drawn[keep]
