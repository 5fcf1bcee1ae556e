"""The frame of a chart: the value axis on the left, the step axis below, reference lines."""

import sys

import numpy as np

from nnlab.ui.charts import axes, inks, numbers
from nnlab.ui.charts.canvas import Canvas
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import BLANK, Grid, one_cell_each, shorten
from nnlab.ui.charts.scene import Scene, columns_of, to_axis

GUTTER = 7
"""Cells left of the plot: six for a value, one for the axis. Fixed, so that new values never move the plot."""

LOW_HEIGHT = 8
"""Below this many rows the step labels are written into the axis itself."""


def body(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of the plot itself in a chart of this size; at least one each."""
    return max(width - GUTTER, 1), max(height - (2 if height < LOW_HEIGHT else 3), 1)


def value_axis(grid: Grid, limits: axes.Limits | None, log_y: bool, canvas: Canvas) -> None:
    """The axis on the left; without `limits` there are no values to write."""
    glyphs = canvas.glyphs
    for y in range(1, 1 + canvas.height):
        grid.put(y, GUTTER - 1, glyphs.gutter, inks.ink("border"))
    for row, label in _ticks(limits, log_y, canvas) if limits is not None else ():
        grid.put(1 + row, max(GUTTER - 2 - len(label), 0), label, inks.ink("muted"))
        grid.put(1 + row, GUTTER - 1, glyphs.tick, inks.ink("border"))


def _ticks(limits: axes.Limits, log_y: bool, canvas: Canvas) -> list[tuple[int, str]]:
    """Row and label of each tick; a label that does not fit the gutter is left out."""
    count = max(2, canvas.height // 3)
    values = axes.log_ticks(limits, count) if log_y else axes.linear_ticks(limits, count)
    if len(values) < 2 and not log_y:  # one value tells no scale
        values = axes.linear_ticks(limits, 2 * count)
    if log_y:
        values = [value for value in values if abs(value) < sys.float_info.max_10_exp]
    labels = [numbers.compact(10.0**v) if log_y else axes.tick_label(v, values) for v in values]
    by_row = {_row(canvas, value, limits): label for value, label in zip(values, labels, strict=True)}  # one a row
    return [(row, label) for row, label in by_row.items() if len(label) < GUTTER]


def _row(canvas: Canvas, value: float, limits: axes.Limits) -> int:
    return int(canvas.rows(np.array([value]), limits)[0] + 0.5) // canvas.glyphs.tall


def guides(grid: Grid, scene: Scene, limits: axes.Limits, canvas: Canvas) -> None:
    """Reference lines behind everything, with their text at the right end where nothing is in the way."""
    for value, text in scene.guides:
        level = to_axis(value, scene.log_y)
        if level is None or not limits[0] <= level <= limits[1]:
            continue
        y = 1 + _row(canvas, level, limits)
        row = grid.codes[y, GUTTER:]
        empty = row == BLANK
        row[empty] = ord(canvas.glyphs.guide)
        grid.inks[y, GUTTER:][empty] = inks.ink("muted", "faint")
        label = f" {shorten(one_cell_each(text), 24)}"
        start = grid.width - len(label)
        if start > GUTTER and bool(empty[start - GUTTER :].all()):
            grid.put(y, start, label, inks.ink("muted"))


def step_axis(grid: Grid, scene: Scene, across: int, y: int, glyphs: Glyphs) -> None:
    """The axis below: the part already trained stands out from the part to come."""
    first, last = scene.span
    trained = columns_of(np.array([min(max(scene.step, first), last)]), scene.span, across)
    grid.put(y, GUTTER - 1, glyphs.corner + glyphs.floor * across, inks.ink("border"))
    grid.inks[y, GUTTER : GUTTER + int(trained[0])] = inks.ink("muted")
    low = y + 1 >= grid.height
    if low:
        ticks = [float(first), float(last)]
    else:
        ticks = [tick for tick in axes.linear_ticks((first, last), max(1, across // 12)) if tick == int(tick)]
        grid.put(y + 1, GUTTER - 6, "step", inks.ink("muted"))
    free_from = 0
    for tick in ticks:
        column = round((tick - first) * (across - 1) / (last - first))
        label = axes.tick_label(tick, ticks) if first else numbers.compact(tick, 4)
        x = min(max(GUTTER + column - len(label) // 2, GUTTER), grid.width - len(label))
        if x < free_from:
            continue
        if not low:
            grid.put(y, GUTTER + column, glyphs.step_tick, int(grid.inks[y, GUTTER + column]))
        grid.put(y if low else y + 1, x, label, inks.ink("muted"))
        free_from = x + len(label) + 1
