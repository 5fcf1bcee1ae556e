"""Draws a scene into a grid of cells: title row, plot with gutter, axis row, step labels."""

from collections.abc import Sequence

from nnlab.ui.charts import axes, frame, inks, legend, marks
from nnlab.ui.charts.canvas import BEHIND, FRONT, Canvas, Columns
from nnlab.ui.charts.frame import GUTTER, body
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import Grid, shorten
from nnlab.ui.charts.scene import Scene
from nnlab.ui.charts.smooth import smoothed


def draw(
    scene: Scene, columns: Sequence[Columns], limits: axes.Limits | None, size: tuple[int, int], glyphs: Glyphs
) -> Grid:
    """The whole chart. `columns` are the lines drawn, reduced to this width; `limits` in axis units, None: no data."""
    width, height = size
    grid = Grid(width, height)
    across, down = body(width, height)
    canvas = Canvas(across, down, glyphs)
    legend.draw(grid, scene, glyphs)
    frame.step_axis(grid, scene, across, down + 1, glyphs)
    frame.value_axis(grid, limits, scene.log_y, canvas)
    if limits is None:
        text = shorten(_nothing(scene), across)
        grid.put(1 + down // 2, GUTTER + (across - len(text)) // 2, text, inks.ink("muted"))
    else:
        _lines(scene, columns, limits, canvas)
        codes, cell_inks = canvas.cells()
        grid.codes[1 : 1 + down, GUTTER:] = codes[: height - 1]
        grid.inks[1 : 1 + down, GUTTER:] = cell_inks[: height - 1]
        frame.guides(grid, scene, limits, canvas)
        marks.ends(grid, scene, tuple(columns), limits, canvas)
    marks.draw(grid, scene, across, down, glyphs)
    marks.broken(grid, scene, across, glyphs)
    marks.labels(grid, scene, across, glyphs)
    marks.cursor(grid, scene, across, down, glyphs)
    return grid


def _nothing(scene: Scene) -> str:
    """Why there is nothing to draw."""
    if not any(len(line.steps) for line in scene.lines):
        return scene.empty
    return "no value in sight" if scene.drawn else "all lines are hidden"


def _lines(scene: Scene, columns: Sequence[Columns], limits: axes.Limits, canvas: Canvas) -> None:
    """Bands, then ghosts and the raw lines behind smoothed ones, then the lines."""
    for line, part in zip(scene.drawn, columns, strict=True):
        ink, faint = inks.ink(line.role), inks.ink(line.role, "faint")
        mean = part.mean
        if line.faint:
            drawn = inks.ink(line.role, line.weight)
            canvas.line(part.at, canvas.rows(mean, limits), drawn, texture=line.drawn, gap=part.gap, layer=BEHIND)
            continue
        if scene.smooth:
            canvas.line(part.at, canvas.rows(mean, limits), faint, gap=part.gap, layer=BEHIND)
            mean = smoothed(part, scene.smooth * canvas.dots_wide)
        else:
            canvas.band(part.at, canvas.rows(part.high, limits), canvas.rows(part.low, limits), faint)
        canvas.line(part.at, canvas.rows(mean, limits), ink, texture=line.drawn, gap=part.gap, layer=FRONT)
