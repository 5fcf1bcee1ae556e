"""A dot canvas in numpy: many dots a cell, one ink a cell.

A line over training steps is a function of x, so it is rasterised column by column of dots: each dot column gets the
range of rows the line runs through there. That is a handful of array operations, whatever the number of points.

Three layers: bands lie below faint lines, these below lines, and a cell shows the dots of its topmost layer only, so a
noisy band never swallows the mean in front of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui.charts.glyphs import BRAILLE, Glyphs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

HAZE = "haze"
NO_INK = -1

BAND, BEHIND, FRONT = range(3)
"""Layers, from the lowest to the topmost."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A line reduced to dot columns: `at` (increasing, unique) with the lowest, highest and mean value in each.

    `gap` is true where something between this column and the one before was not a number, so that they are not joined.
    """

    at: Ints
    low: Floats
    high: Floats
    mean: Floats
    gap: Mask


def to_columns(
    x: Floats, low: Floats, high: Floats, mean: Floats, *, limits: tuple[float, float], count: int
) -> Columns:
    """Min, max and mean of the points falling in each of `count` dot columns over `limits`.

    `x` is increasing. Points outside the limits and points whose mean is not finite are left out, the latter with a
    gap; a band end that is not finite falls back to the mean.
    """
    first, last = limits
    scale = (count - 1) / (last - first) if last > first else 0.0
    finite = np.isfinite(mean)
    keep = finite & (x >= first) & (x <= last)
    missing = np.cumsum(~finite)
    if not keep.all():
        x, low, high, mean, missing = x[keep], low[keep], high[keep], mean[keep], missing[keep]
    if not len(x):
        none = np.empty(0)
        return Columns(np.empty(0, dtype=np.int64), none, none, none, np.empty(0, dtype=np.bool_))
    low = np.where(np.isfinite(low), low, mean)
    high = np.where(np.isfinite(high), high, mean)
    column = ((x - first) * scale + 0.5).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    sizes = np.diff(starts, append=len(column))
    # Divided before the sum: the sum of finite values may overflow.
    averages = np.add.reduceat(mean / np.repeat(sizes, sizes), starts)
    lows, highs = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
    gap = np.diff(missing[starts], prepend=missing[0]) > 0
    return Columns(column[starts], lows, highs, averages, gap)


class Canvas:
    """`width` × `height` cells. x in dots from the left, rows in dots from the top."""

    def __init__(self, width: int, height: int, glyphs: Glyphs = BRAILLE) -> None:
        self.width, self.height, self.glyphs = width, height, glyphs
        self.dots_wide, self.dots_tall = width * glyphs.wide, height * glyphs.tall
        shape, cells = (self.dots_tall, self.dots_wide), (height, width)
        self._dots = [np.zeros(shape, dtype=np.bool_) for _ in range(3)]
        self._inks = [np.full(cells, NO_INK, dtype=np.int16) for _ in range(3)]

    def rows(self, values: Floats, limits: tuple[float, float]) -> Floats:
        """Dot rows of the values: `limits[1]` at the top. Not rounded; values outside lie outside the canvas."""
        low, high = limits
        return (high - values) / (high - low) * (self.dots_tall - 1)

    def line(
        self, at: Ints, rows: Floats, ink: int, *, texture: str = "solid", gap: Mask | None = None, layer: int = FRONT
    ) -> None:
        """A line through (`at`, `rows`), joined straight across dot columns without points, but not where `gap`."""
        cuts = np.flatnonzero(gap) if gap is not None else ()
        for part, heights in zip(np.split(at, cuts), np.split(rows, cuts), strict=True):
            if len(part):
                self._stroke(part, heights, ink, texture, layer)

    def _stroke(self, at: Ints, rows: Floats, ink: int, texture: str, layer: int) -> None:
        x = np.arange(at[0], at[-1] + 1)
        path = np.floor(np.clip(np.interp(x, at, rows), -1.0, float(self.dots_tall)) + 0.5)
        # Neighbouring columns meet half way without sharing a row: connected where steep, one dot thick where not.
        here, following = path[:-1], path[1:]
        down, up = following > here, following < here
        half = np.where(down, np.floor((here + following) / 2), np.ceil((here + following) / 2))
        top, bottom = path.copy(), path.copy()
        bottom[:-1] = np.where(down, half, bottom[:-1])
        top[:-1] = np.where(up, half, top[:-1])
        top[1:] = np.where(down, np.minimum(top[1:], half + 1), top[1:])
        bottom[1:] = np.where(up, np.maximum(bottom[1:], half - 1), bottom[1:])
        self._paint(layer, x, top, bottom, ink=ink, texture=texture)

    def band(self, at: Ints, top: Floats, bottom: Floats, ink: int, texture: str = HAZE) -> None:
        """A band between two rows per dot column, below every line; where it has no width nothing is drawn."""
        limit = float(self.dots_tall)
        top, bottom = np.floor(np.clip(top, -1.0, limit) + 0.5), np.floor(np.clip(bottom, -1.0, limit) + 0.5)
        wide = bottom > top
        if wide.any():
            self._paint(BAND, at[wide], top[wide], bottom[wide], ink=ink, texture=texture)

    def points(self, at: Ints, rows: Ints, ink: int) -> None:
        """Single dots; those outside the canvas are left out."""
        keep = (at >= 0) & (at < self.dots_wide) & (rows >= 0) & (rows < self.dots_tall)
        mask = np.zeros((self.dots_tall, self.dots_wide), dtype=np.bool_)
        mask[rows[keep], at[keep]] = True
        self._lay(FRONT, mask, ink)

    def cells(self) -> tuple[NDArray[np.uint32], NDArray[np.int16]]:
        """Code points and inks, both (height, width); a space and `NO_INK` where nothing is drawn."""
        dots, inks = self._dots[BAND], self._inks[BAND]
        for upper, above in zip(self._dots[BEHIND:], self._inks[BEHIND:], strict=True):
            over = self._touched(upper)
            hidden = np.repeat(np.repeat(over, self.glyphs.tall, axis=0), self.glyphs.wide, axis=1)
            dots, inks = upper | (dots & ~hidden), np.where(over, above, inks)
        weights = (1 << np.arange(self.glyphs.tall * self.glyphs.wide)).reshape(self.glyphs.tall, self.glyphs.wide)
        bits = np.einsum("hawb,ab->hw", self._by_cell(dots), weights)
        return self.glyphs.table[bits], np.where(bits > 0, inks, NO_INK).astype(np.int16)

    def _touched(self, dots: Mask) -> Mask:
        """The cells with any of these dots. Many small steps, which numpy takes faster than one over two axes."""
        cells = np.zeros((self.height, self.width), dtype=np.bool_)
        for y in range(self.glyphs.tall):
            for x in range(self.glyphs.wide):
                cells |= dots[y :: self.glyphs.tall, x :: self.glyphs.wide]
        return cells

    def _by_cell(self, dots: Mask) -> Mask:
        return dots.reshape(self.height, self.glyphs.tall, self.width, self.glyphs.wide)

    def _paint(self, layer: int, x: Ints, top: Floats, bottom: Floats, *, ink: int, texture: str) -> None:
        inside = (x >= 0) & (x < self.dots_wide)
        x, top, bottom = x[inside], top[inside], bottom[inside]
        y = np.arange(self.dots_tall)[:, None]
        hit = (y >= top) & (y <= bottom)
        hit &= _texture(x, y, bottom - top > 2, texture)
        mask = np.zeros((self.dots_tall, self.dots_wide), dtype=np.bool_)
        mask[:, x] = hit
        self._lay(layer, mask, ink)

    def _lay(self, layer: int, mask: Mask, ink: int) -> None:
        self._dots[layer][mask] = True
        self._inks[layer][self._touched(mask)] = ink


def _texture(x: Ints, y: Ints, steep: Mask, texture: str) -> Mask:
    """Which dots of a shape stay. Tied to the canvas, not to the data, so that a growing line does not crawl.

    Steep parts are broken along y, flat ones along x: either way a dashed line looks dashed.
    """
    along = np.where(steep, y, x)
    kept: Mask = np.ones((1, 1), dtype=np.bool_)
    if texture == HAZE:
        kept = (x + y) % 2 == 0
    elif texture == "dashed":
        kept = along % 6 < 4
    elif texture == "dotted":
        kept = along % 3 == 0
    elif texture == "dash-dotted":
        kept = (along % 8 < 4) | (along % 8 == 6)
    elif texture == "sparse":
        kept = along % 4 == 0
    return kept
