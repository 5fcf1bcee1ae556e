"""A model over its two inputs: a map in half blocks, the data points on it.

Class k has a colour and a shape. The surer the model, the fuller the colour of the region; the border between two
regions is a dark seam. A point in a region of another colour is one the model gets wrong. Filled points were trained
on, hollow ones were held out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, one_cell_each, shorten
from nnlab.ui.charts.heading import heading
from nnlab.ui.charts.numbers import compact

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROLES = ("s1", "s2", "s3", "s4", "s5", "s6")
"""Colours of the classes; they begin again after the sixth."""

FULLEST = 3
"""Shade of a region where the model is certain: points of the same colour still stand out."""

CELLS_A_POINT = 7
"""Of every so many cells at most one holds a point, so that the map is seen between them."""

GROUNDS = ".,:;'`"
"""Characters of the regions where the terminal has no half blocks."""


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceMap:
    """`grid` [K, H, W]: probabilities of K classes, or (`classes` false) one output, at y[h], x[w], both ascending.

    `point_x`, `point_y`, `point_label` (class), `point_held` [n]: rows of data. `inputs`: names of x and y; `names`: of
    the classes as far as known.
    """

    title: str
    aside: str
    grid: Floats
    x: Floats
    y: Floats
    point_x: Floats
    point_y: Floats
    point_label: Floats
    point_held: Floats
    classes: bool
    inputs: tuple[str, str] = ("x", "y")
    names: tuple[str, ...] = ()

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """Title, map, and a line that says what is what."""
        picture = Grid(width, height)
        across, down = width, height - 2
        heading(picture, self.title, self._inputs(), self.aside)
        if across < 4 or down < 2:
            return picture
        fine = glyphs.upper != " "
        tones, winners = self._tones(down * (2 if fine else 1), across)
        top, bottom = (tones[::2], tones[1::2]) if fine else (tones, tones)
        picture.inks[1:-1] = inks.pairs(top, bottom)
        picture.codes[1:-1] = np.where(top == bottom, ord(" "), ord(glyphs.upper))
        if not fine and self.classes:
            grounds = np.array([ord(c) for c in GROUNDS], dtype=np.uint32)
            picture.codes[1:-1] = grounds[winners % len(GROUNDS)]
            picture.inks[1:-1] = inks.pairs(np.full_like(top, inks.tone("muted")), bottom)
        self._points(picture, across, down, glyphs)
        self._legend(picture, glyphs)
        return picture

    def _inputs(self) -> str:
        across, up = self.inputs
        x, y = self.x, self.y
        return (
            f"{across} {compact(float(x[0]))} … {compact(float(x[-1]))}, "
            f"{up} {compact(float(y[0]))} … {compact(float(y[-1]))}"
        )

    def _tones(self, rows: int, columns: int) -> tuple[Ints, Ints]:
        """The tone of each pixel, the top row first, and the class that wins there."""
        values = resample(self.grid, rows, columns)[:, ::-1]
        if not self.classes:
            low, high = float(np.nanmin(self.grid)), float(np.nanmax(self.grid))
            shares = (values[0] - low) / ((high - low) or 1.0)
            return inks.tones("accent", 0.9 * shares), np.zeros(values[0].shape, dtype=np.int64)
        count = len(values)
        winners = np.nan_to_num(values).argmax(axis=0)
        sure = (np.nan_to_num(values).max(axis=0) - 1 / count) / (1 - 1 / count)
        shades = np.rint(np.clip(sure, 0.0, 1.0) * FULLEST).astype(np.int64)
        base = np.array([inks.tone(ROLES[k % len(ROLES)], 0) for k in range(count)])
        return base[winners] + shades, winners

    def _points(self, picture: Grid, across: int, down: int, glyphs: Glyphs) -> None:
        most = max(across * down // CELLS_A_POINT, 1)
        every = max(1, -(-len(self.point_x) // most))
        taken = set()
        for place in range(0, len(self.point_x), every):
            column = _cell(float(self.point_x[place]), self.x, across)
            row = down - 1 - _cell(float(self.point_y[place]), self.y, down)
            if (row, column) in taken:
                continue
            taken.add((row, column))
            label = int(self.point_label[place]) if self.classes else 0
            shapes = glyphs.hollow if self.point_held[place] else glyphs.shapes
            role = ROLES[label % len(ROLES)] if self.classes else "text"
            back = inks.back_of(int(picture.inks[1 + row, column]))
            picture.put(1 + row, column, shapes[label % len(shapes)], inks.pair(inks.tone(role), back))

    def _legend(self, picture: Grid, glyphs: Glyphs) -> None:
        y, x = picture.height - 1, 0
        if not self.classes:
            low, high = float(np.nanmin(self.grid)), float(np.nanmax(self.grid))
            picture.put(y, x, f"output {compact(low)} (dark) … {compact(high)} (full)", inks.ink("muted"))
            return
        for k in range(min(len(self.grid), len(glyphs.shapes))):
            name = self.names[k] if k < len(self.names) else ""
            name = shorten(one_cell_each(name if name and not name.isdigit() else f"class {name or k}"), 14)
            role = ROLES[k % len(ROLES)]
            picture.put(y, x, glyphs.shapes[k], inks.ink(role, "bold"))
            picture.put(y, x + 2, name, inks.ink(role))
            x += len(name) + 4
        if bool(self.point_held.any()) and x + 15 <= picture.width:
            picture.put(y, picture.width - 15, f"{glyphs.hollow[0]}{glyphs.hollow[1]} validation  ", inks.ink("muted"))


def resample(grid: Floats, rows: int, columns: int) -> Floats:
    """A grid [K, H, W] read at rows × columns evenly spaced places, linearly between its own."""
    _, height, width = grid.shape
    at_y, at_x = np.linspace(0, height - 1, rows), np.linspace(0, width - 1, columns)
    y, x = np.minimum(at_y.astype(int), height - 2), np.minimum(at_x.astype(int), width - 2)
    dy, dx = (at_y - y)[:, None], (at_x - x)[None, :]
    upper = grid[:, y][:, :, x] * (1 - dx) + grid[:, y][:, :, x + 1] * dx
    lower = grid[:, y + 1][:, :, x] * (1 - dx) + grid[:, y + 1][:, :, x + 1] * dx
    found: Floats = upper * (1 - dy) + lower * dy
    return found


def _cell(value: float, axis: Floats, cells: int) -> int:
    """Which of `cells` along an axis a value falls into; the nearest where it lies outside."""
    share = (value - float(axis[0])) / ((float(axis[-1]) - float(axis[0])) or 1.0)
    return min(max(round(share * (cells - 1)), 0), cells - 1)
