"""What stands upright in a chart: marks, the cursor, crosses where values were not finite; and names at line ends."""

from collections.abc import Iterable

import numpy as np

from nnlab.ui.charts import axes, inks
from nnlab.ui.charts.canvas import Canvas, Columns, Mask
from nnlab.ui.charts.frame import GUTTER
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import BLANK, Grid, one_cell_each, shorten
from nnlab.ui.charts.scene import Scene, columns_of

LABELS_FROM_WIDTH = 50
"""Marks are labelled in the plot from this many columns on; narrower charts show their letters only."""

ENDS_FROM_WIDTH = 30
"""Line ends are named from this many columns on: the legend of a narrow chart may have no room for names."""

MARKS = {
    "finding": ("!", "bad"),
    "guard": ("g", "warn"),
    "knob": ("k", "mark"),
    "drift": ("d", "warn"),
    "phase": ("p", "accent"),
    "snapshot": ("s", "good"),
    "note": ("n", "muted"),
    "generation": ("+", "muted"),
}
"""The letter of a kind of mark on the axis, and the role of its colour; where two share a column the first is shown."""

ENDS_OVER = 0.04
"""Share of the axis over which the height of a line's end is averaged: its name holds still while the line trembles."""


def draw(grid: Grid, scene: Scene, across: int, down: int, glyphs: Glyphs) -> None:
    """A thin upright through the empty cells for each mark, and a letter on the axis."""
    ranks = list(MARKS)
    for mark in sorted(scene.marks, key=lambda one: -ranks.index(one.kind) if one.kind in ranks else -len(ranks)):
        at = columns_of(np.array([mark.step]), scene.span, across)
        if len(at):
            letter, role = MARKS.get(mark.kind, MARKS["note"])
            _upright(grid, GUTTER + int(at[0]), down, glyphs.mark, inks.ink(role, "faint"))
            grid.put(1 + down, GUTTER + int(at[0]), letter, inks.ink(role, "bold"))


def cursor(grid: Grid, scene: Scene, across: int, down: int, glyphs: Glyphs) -> None:
    """The step that is looked at: an upright over everything but the lines, and its number below."""
    if scene.cursor is None:
        return
    at = columns_of(np.array([scene.cursor]), scene.span, across)
    if not len(at):
        return
    x = GUTTER + int(at[0])
    _upright(grid, x, down, glyphs.look, inks.ink("accent"), spare=(glyphs.mark, glyphs.guide))
    low = down + 2 >= grid.height
    label = f" {scene.cursor:,} "
    start = min(max(x - len(label) // 2, GUTTER), max(grid.width - len(label), 0))
    if not low:
        grid.put(down + 1, x, glyphs.looked, inks.ink("accent", "bold"))
    y = down + 1 if low else down + 2
    if not low:
        _clear_cut(grid, y, start, start + len(label))
    grid.put(y, start, label, inks.ink("accent", "reverse"))


def _clear_cut(grid: Grid, y: int, start: int, end: int) -> None:
    """Blank the words that stand partly in these cells: half a number is a wrong number."""
    row = grid.codes[y]
    while start > GUTTER and row[start - 1] != BLANK:
        start -= 1
    while end < grid.width and row[end] != BLANK:
        end += 1
    row[start:end] = BLANK


def _upright(grid: Grid, x: int, down: int, glyph: str, ink: int, spare: tuple[str, ...] = ()) -> None:
    column = grid.codes[1 : 1 + down, x]
    free = column == BLANK
    for lost in spare:
        free |= column == ord(lost)
    column[free] = ord(glyph)
    grid.inks[1 : 1 + down, x][free] = ink


def labels(grid: Grid, scene: Scene, across: int, glyphs: Glyphs) -> None:
    """What the marks say, where there is room; the one at the cursor first, then the newest."""
    if grid.width < LABELS_FROM_WIDTH:
        return
    looked = columns_of(np.array([scene.cursor if scene.cursor is not None else -1]), scene.span, across)
    placed = [(columns_of(np.array([mark.step]), scene.span, across), mark) for mark in reversed(scene.marks)]
    for at, mark in sorted(placed, key=lambda one: not (len(looked) and len(one[0]) and one[0][0] == looked[0])):
        if len(at) and mark.label:
            text = shorten(one_cell_each(mark.label), 28, glyphs.ellipsis)
            ink = inks.ink(MARKS.get(mark.kind, MARKS["note"])[1])
            _beside(grid, GUTTER + int(at[0]), text, ink, glyphs.mark + glyphs.guide)


def _beside(grid: Grid, x: int, text: str, ink: int, spare: str) -> None:
    """Write a mark's label beside its upright in the first of the top rows with room, right of it if possible."""
    for y in range(1, 1 + min(3, (grid.height - 2) // 2)):
        for start, room in ((x + 1, x + 1), (x - len(text), x - len(text) - 1)):
            if start >= GUTTER and grid.free(y, max(room, GUTTER), len(text) + 1, spare=spare):
                grid.put(y, start, text, ink)
                return


def broken(grid: Grid, scene: Scene, across: int, glyphs: Glyphs) -> None:
    """Crosses along the top where a series was NaN or infinite, and since when in words."""
    for line in scene.drawn:
        if line.nonfinite is None:
            continue
        at = np.unique(columns_of(line.nonfinite, scene.span, across))
        if not len(at):
            continue
        grid.codes[1, GUTTER + at] = ord(glyphs.broken)
        grid.inks[1, GUTTER + at] = inks.ink("bad", "bold")
        text = f" {one_cell_each(line.label)} not finite from step {int(line.nonfinite[0]):,} "
        first, last = GUTTER + int(at[0]), GUTTER + int(at[-1])
        for y, start in ((1, last + 1), (1, first - len(text)), (2, first), (3, first), (2, grid.width - len(text))):
            if start > GUTTER and grid.free(y, start, len(text), spare=glyphs.mark):
                grid.put(y, start, text, inks.ink("bad"))
                break


def ends(grid: Grid, scene: Scene, columns: tuple[Columns, ...], limits: axes.Limits, canvas: Canvas) -> None:
    """The name of each line at its end, where there are several: behind it, behind all lines, over it or under it."""
    if grid.width < ENDS_FROM_WIDTH or len(scene.drawn) < 2:
        return
    wide, tall = canvas.glyphs.wide, canvas.glyphs.tall
    newest = GUTTER + max((int(part.at[-1]) // wide + 1 for part in columns if len(part.at)), default=0)
    for line, part in zip(scene.drawn, columns, strict=True):
        if not len(part.at):
            continue
        recent = part.mean[part.at >= part.at[-1] - ENDS_OVER * canvas.dots_wide]
        level = float(canvas.rows(np.array([recent.mean()]), limits)[0])
        row = 1 + min(max(int(level + 0.5) // tall, 0), canvas.height - 1)
        text = one_cell_each(line.brief or line.label)
        end = GUTTER + int(part.at[-1]) // wide + 1
        over = min(end, grid.width) - len(text)
        aside = (-1, 1, -2, 2) if line.faint else (-1, 1)  # a faint line often ends among others
        behind = ((row + by, newest + 1, newest) for by in (0, *aside))
        places = ((row, end + 1, end), *behind, *((row + by, over, over - 1) for by in aside))
        if not _name(grid, text, places, inks.ink(line.role, line.weight), canvas) and not line.faint:
            haze = _hazy(grid, scene)
            _name(grid, text, ((row + by, over, over - 1) for by in (-1, 1, -2, 2)), inks.ink(line.role), canvas, haze)


def _name(
    grid: Grid, text: str, places: Iterable[tuple[int, int, int]], ink: int, canvas: Canvas, spare: Mask | None = None
) -> bool:
    """Write a name at the first of the places (row, column, and where the free room must begin) with room for it.

    Cells of the reference lines may be lost, and those that are `spare`. False where no place has room.
    """
    guide = canvas.glyphs.guide
    for y, x, room in places:
        end = x + len(text)
        if not (1 <= y <= canvas.height and x > GUTTER and end <= grid.width):
            continue
        cells = slice(room, min(end + 1, grid.width))  # and one behind it, so that it touches nothing
        there = grid.codes[y, cells]
        free = (there == BLANK) | (there == ord(guide))
        if bool((free if spare is None else free | spare[y, cells]).all()):
            grid.put(y, x, text, ink)
            for beside in (x - 1, end):
                if grid.free(y, beside, 1, spare=guide):
                    grid.codes[y, beside] = BLANK
            return True
    return False


def _hazy(grid: Grid, scene: Scene) -> Mask:
    """The cells with nothing but the band of a line in them; none where lines are drawn in the inks of bands."""
    if scene.smooth or any(line.faint for line in scene.drawn):
        return np.zeros(grid.codes.shape, dtype=np.bool_)
    return np.isin(grid.inks, [inks.ink(line.role, "faint") for line in scene.drawn])
