"""Draws a scene into a grid of cells: title row, plot with gutter, axis row, step labels."""

import math
import sys
from collections.abc import Sequence
from typing import Literal

import numpy as np

from nnlab.ui.charts import axes, inks, numbers
from nnlab.ui.charts.canvas import DASHED, DOTTED, SOLID, Canvas, Columns
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import BLANK, Grid, one_cell_each, shorten
from nnlab.ui.charts.lines import Line
from nnlab.ui.charts.scene import Scene, columns_of, to_axis

GUTTER = 7
"""Cells left of the plot: six for a value, one for the axis. Fixed, so that new values never move the plot."""

LOW_HEIGHT = 8
"""Below this many rows the step labels are written into the axis itself."""

LABELS_FROM_WIDTH = 50
"""Marks are labelled in the plot from this many columns on; narrower charts show their letters only."""

TEXTURES = {
    "train": SOLID,
    "val": DASHED,
    "probe": DOTTED,
    "good": SOLID,
    "warn": DASHED,
    "bad": DASHED,
    "accent": SOLID,
    "ghost": DOTTED,
    "s1": SOLID,
    "s2": DASHED,
    "s3": DOTTED,
    "s4": SOLID,
    "s5": DASHED,
    "s6": DOTTED,
}
SWATCHES = {SOLID: 0, DASHED: 1, DOTTED: 2}

Name = Literal["full", "brief", "tight", "none"]

LEGENDS: tuple[tuple[bool, Name, int], ...] = (
    (True, "full", 3),
    (True, "full", 2),
    (True, "brief", 2),
    (True, "brief", 1),
    (True, "tight", 1),
    (True, "none", 1),
    (False, "none", 1),
)
"""Ways to write the legend, the first that fits is taken: with swatches, with which names ("tight": brief, and no blank
after the swatch), cells between entries."""

MARKS = {
    "knob": ("k", "mark"),
    "generation": ("+", "muted"),
    "finding": ("!", "bad"),
    "phase": ("p", "accent"),
    "drift": ("d", "warn"),
    "note": ("n", "muted"),
    "snapshot": ("s", "good"),
    "guard": ("g", "warn"),
}
"""The letter of a kind of mark on the axis, and the role of its colour."""


def body(width: int, height: int) -> tuple[int, int]:
    """Columns and rows of the plot itself in a chart of this size; at least one each."""
    return max(width - GUTTER, 1), max(height - (2 if height < LOW_HEIGHT else 3), 1)


def draw(
    scene: Scene, columns: Sequence[Columns], limits: axes.Limits | None, size: tuple[int, int], glyphs: Glyphs
) -> Grid:
    """The whole chart. `columns` are the scene's lines reduced to this width; `limits` in axis units, None: no data."""
    width, height = size
    grid = Grid(width, height)
    across, down = body(width, height)
    _title(grid, scene, glyphs)
    _floor(grid, scene, across, down + 1, glyphs)
    if limits is None:
        text = shorten(scene.empty, across)
        grid.put(1 + down // 2, GUTTER + (across - len(text)) // 2, text, inks.ink("muted"))
        _gutter(grid, [], down, glyphs)
    else:
        canvas = _lines(scene, columns, limits, Canvas(across, down, glyphs))
        codes, cell_inks = canvas.cells()
        grid.codes[1 : 1 + down, GUTTER:] = codes[: height - 1]
        grid.inks[1 : 1 + down, GUTTER:] = cell_inks[: height - 1]
        _gutter(grid, _y_ticks(limits, scene.log_y, canvas), down, glyphs)
        _guides(grid, scene, limits, canvas)
    _marks(grid, scene, across, down, glyphs)
    _broken(grid, scene, across, glyphs)
    _mark_labels(grid, scene, across, glyphs)
    return grid


def _lines(scene: Scene, columns: Sequence[Columns], limits: axes.Limits, canvas: Canvas) -> Canvas:
    for line, part in zip(scene.lines, columns, strict=True):
        top, bottom = canvas.rows(part.high, limits), canvas.rows(part.low, limits)
        canvas.band(part.at, top, bottom, inks.ink(line.role, "faint"))
    for line, part in zip(scene.lines, columns, strict=True):
        canvas.line(part.at, canvas.rows(part.mean, limits), inks.ink(line.role), TEXTURES.get(line.role, SOLID))
    return canvas


def _title(grid: Grid, scene: Scene, glyphs: Glyphs) -> None:
    unit = "log" if scene.log_y else ""
    notes = [part for part in (scene.unit, unit) if part]
    title = one_cell_each(scene.title)
    grid.put(0, 0, title, inks.ink("text", "bold"))
    used = len(title)
    if notes:
        note = " " + ", ".join(notes)
        grid.put(0, used, note, inks.ink("muted"))
        used += len(note)
    values = [(line, _last(line.last if line.last is not None else _tail(line.mean))) for line in scene.lines]
    for swatch, name, gap in LEGENDS:
        entries = [_entry(line, value, glyphs, swatch=swatch, name=name) for line, value in values]
        length = sum(len(text) for entry in entries for text, _ in entry) + gap * max(len(entries) - 1, 0)
        if used + 1 + length <= grid.width:
            break
    x = max(grid.width - length, used + 1)
    for entry in entries:
        for text, ink in entry:
            grid.put(0, x, text, ink)
            x += len(text)
        x += gap


def _entry(line: Line, value: str, glyphs: Glyphs, *, swatch: bool, name: Name) -> list[tuple[str, int]]:
    parts, role = [], line.role
    if swatch:
        blank = "" if name == "tight" else " "
        parts.append((glyphs.swatches[SWATCHES[TEXTURES.get(role, SOLID)]] + blank, inks.ink(role)))
    if name != "none":
        parts.append((one_cell_each(line.label if name == "full" else line.brief or line.label) + " ", inks.ink(role)))
    broken = value in {"NaN", "∞", "-∞"}
    return [*parts, (value, inks.ink("bad" if broken else role, "bold"))]


def _tail(mean: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    return float(mean[-1]) if len(mean) else None


def _last(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{numbers.steady(value):>5}" if math.isfinite(value) else numbers.steady(value)


def _gutter(grid: Grid, ticks: list[tuple[int, str]], down: int, glyphs: Glyphs) -> None:
    for y in range(1, 1 + down):
        grid.put(y, GUTTER - 1, glyphs.gutter, inks.ink("border"))
    for row, label in ticks:
        grid.put(1 + row, GUTTER - 2 - len(label), label, inks.ink("muted"))
        grid.put(1 + row, GUTTER - 1, glyphs.tick, inks.ink("border"))


def _y_ticks(limits: axes.Limits, log_y: bool, canvas: Canvas) -> list[tuple[int, str]]:
    """Row and label of each tick; a label that does not fit the gutter is left out."""
    count = max(2, canvas.height // 3)
    values = axes.log_ticks(limits, count) if log_y else axes.linear_ticks(limits, count)
    if log_y:
        values = [value for value in values if abs(value) < sys.float_info.max_10_exp]
    labels = [numbers.compact(10.0**v) if log_y else axes.tick_label(v, values) for v in values]
    rows = (canvas.rows(np.array(values, dtype=np.float64), limits) + 0.5).astype(np.int64) // canvas.glyphs.tall
    by_row = dict(zip(rows.tolist(), labels, strict=True))  # one label a row
    return [(row, label) for row, label in by_row.items() if len(label) <= GUTTER - 2]


def _guides(grid: Grid, scene: Scene, limits: axes.Limits, canvas: Canvas) -> None:
    """Reference lines behind everything, with their text at the right end where nothing is in the way."""
    for value, text in scene.guides:
        level = to_axis(value, scene.log_y)
        if level is None or not limits[0] <= level <= limits[1]:
            continue
        y = 1 + int(canvas.rows(np.array([level]), limits)[0] + 0.5) // canvas.glyphs.tall
        row = grid.codes[y, GUTTER:]
        empty = row == BLANK
        row[empty] = ord(canvas.glyphs.guide)
        grid.inks[y, GUTTER:][empty] = inks.ink("muted", "faint")
        label = f" {shorten(one_cell_each(text), 24)}"
        start = grid.width - len(label)
        if start > GUTTER and bool(empty[start - GUTTER :].all()):
            grid.put(y, start, label, inks.ink("muted"))


def _floor(grid: Grid, scene: Scene, across: int, y: int, glyphs: Glyphs) -> None:
    """The x axis: the part already trained stands out from the part to come."""
    done = int(columns_of(np.array([min(scene.step, scene.x_end)]), scene.x_end, across)[0]) if scene.step > 0 else 0
    grid.put(y, GUTTER - 1, glyphs.corner + glyphs.floor * across, inks.ink("border"))
    grid.inks[y, GUTTER : GUTTER + done] = inks.ink("muted")
    low = y + 1 >= grid.height
    ends = [0.0, float(scene.x_end)]
    ticks = ends if low else [t for t in axes.linear_ticks((0.0, ends[1]), max(1, across // 12)) if t == int(t)]
    if not low:
        grid.put(y + 1, GUTTER - 6, "step", inks.ink("muted"))
    free_from = 0
    for tick in ticks:
        column = round(tick * (across - 1) / max(scene.x_end, 1))
        label = numbers.compact(tick, 4)
        x = min(max(GUTTER + column - len(label) // 2, GUTTER), grid.width - len(label))
        if x < free_from:
            continue
        if low:
            grid.put(y, x, label, inks.ink("muted"))
        else:
            grid.put(y, GUTTER + column, glyphs.step_tick, int(grid.inks[y, GUTTER + column]))
            grid.put(y + 1, x, label, inks.ink("muted"))
        free_from = x + len(label) + 1


def _marks(grid: Grid, scene: Scene, across: int, down: int, glyphs: Glyphs) -> None:
    """A thin upright through the empty cells, and a letter on the axis."""
    for mark in scene.marks:
        at = columns_of(np.array([mark.step]), scene.x_end, across)
        if not len(at):
            continue
        x = GUTTER + int(at[0])
        letter, role = MARKS.get(mark.kind, ("n", "muted"))
        upright = grid.codes[1 : 1 + down, x]
        empty = upright == BLANK
        upright[empty] = ord(glyphs.mark)
        grid.inks[1 : 1 + down, x][empty] = inks.ink(role, "faint")
        grid.put(1 + down, x, letter, inks.ink(role, "bold"))


def _mark_labels(grid: Grid, scene: Scene, across: int, glyphs: Glyphs) -> None:
    """What the marks say, where there is room; the newest first."""
    if grid.width < LABELS_FROM_WIDTH:
        return
    for mark in reversed(scene.marks):
        at = columns_of(np.array([mark.step]), scene.x_end, across)
        if len(at) and mark.label:
            text = shorten(one_cell_each(mark.label), 28, glyphs.ellipsis)
            _beside(grid, GUTTER + int(at[0]), text, inks.ink(MARKS.get(mark.kind, ("n", "muted"))[1]), glyphs)


def _beside(grid: Grid, x: int, text: str, ink: int, glyphs: Glyphs) -> None:
    """Write a mark's label beside its upright in the first of the top rows with room, right of it if possible."""
    for y in range(1, 1 + min(3, (grid.height - 2) // 2)):
        for start, room in ((x + 1, x + 1), (x - len(text), x - len(text) - 1)):
            if start >= GUTTER and grid.free(y, max(room, GUTTER), len(text) + 1, spare=glyphs.mark):
                grid.put(y, start, text, ink)
                return


def _broken(grid: Grid, scene: Scene, across: int, glyphs: Glyphs) -> None:
    """Crosses along the top where a series was NaN or infinite, and since when in words."""
    for line in scene.lines:
        if line.nonfinite is None or not len(line.nonfinite):
            continue
        at = np.unique(columns_of(line.nonfinite, scene.x_end, across))
        grid.codes[1, GUTTER + at] = ord(glyphs.broken)
        grid.inks[1, GUTTER + at] = inks.ink("bad", "bold")
        text = f" {one_cell_each(line.label)} not finite from step {int(line.nonfinite.min())} "
        for start in (GUTTER + int(at[-1]) + 1, GUTTER + int(at[0]) - len(text)) if len(at) else ():
            if start >= GUTTER and grid.free(1, start, len(text), spare=glyphs.mark):
                grid.put(1, start, text, inks.ink("bad"))
                break
