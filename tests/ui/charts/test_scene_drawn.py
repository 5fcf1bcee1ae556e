"""What a chart shows of cursor, window, gaps, ghosts, branches and hidden lines."""

import dataclasses

import numpy as np
import pytest

from nnlab.ui.charts import axes, frame, inks, legend, plot
from nnlab.ui.charts.glyphs import ASCII, BRAILLE, Glyphs
from nnlab.ui.charts.grid import Grid
from nnlab.ui.charts.lines import Line, Mark, as_branch
from nnlab.ui.charts.scene import Scene, columns_of, extent, reduce, step_of

WIDTH, HEIGHT = 80, 14


def line(label: str = "train", values: np.ndarray | None = None, role: str = "train", **more: object) -> Line:
    values = np.full(100, 1.0) if values is None else values
    return dataclasses.replace(
        Line(label, np.arange(len(values)), values, values, values, role, value=float(values[-1])), **more
    )


def draw(scene: Scene, glyphs: Glyphs = BRAILLE) -> Grid:
    columns = reduce(scene, frame.body(WIDTH, HEIGHT)[0] * glyphs.wide)
    seen = extent(columns)
    return plot.draw(scene, columns, axes.fit_limits(*seen) if seen else None, (WIDTH, HEIGHT), glyphs)


def rows(grid: Grid) -> list[str]:
    return ["".join(map(chr, row)) for row in grid.codes]


def dots(grid: Grid) -> np.ndarray:
    """Where the plot has braille."""
    return (grid.codes[1:-2, frame.GUTTER :] & ~np.uint32(0xFF)) == 0x2800


def test_the_cursor_stands_on_its_step_with_its_number_whole() -> None:
    shown = rows(draw(Scene("loss", lines=(line(),), last=200, step=100, cursor=52, marks=(Mark(52, "knob", "lr"),))))
    x = frame.GUTTER + int(columns_of(np.array([52]), (0, 200), WIDTH - frame.GUTTER)[0])
    assert shown[2][x] == "│" and shown[-2][x] == "▲"
    assert shown[-1].split() == ["step", "0", "52", "100", "150", "200"]  # 50 would have been cut


@pytest.mark.parametrize("step", [0, 60, 199])
def test_a_step_and_its_column_are_the_same_place(step: int) -> None:
    column = int(columns_of(np.array([step]), (0, 200), 73)[0])
    assert abs(step_of(column, (0, 200), 73) - step) <= 200 / 72


def test_what_is_not_a_number_is_a_gap() -> None:
    values = np.full(100, 1.0)
    values[40:60] = np.nan
    shown = dots(draw(Scene("loss", lines=(line(values=values),), last=99, step=100)))
    drawn = shown.any(axis=0)
    assert drawn[5:28].all() and drawn[46:70].all()
    assert not drawn[31:43].any()


def test_a_window_shows_its_steps_and_a_rarely_measured_line_runs_through_it() -> None:
    rare = Line("val", np.array([0, 100]), *[np.array([0.0, 1.0])] * 3, "val")
    grid = draw(Scene("loss", lines=(rare,), first=40, last=60, step=100))
    assert dots(grid).any(axis=0).mean() > 0.5  # it is dashed
    assert rows(grid)[-1].split()[:2] == ["step", "40"]
    assert extent(reduce(Scene("loss", lines=(rare,), first=40, last=60), 100)) == pytest.approx((0.4, 0.6))


def test_branches_differ_from_their_line_in_pattern() -> None:
    def pattern(drawn: Line) -> str:
        return "\n".join(rows(draw(Scene("loss", lines=(drawn,), last=99)))[1:-2])

    ours = line()
    kinds = {pattern(ours), *(pattern(as_branch(ours, "b", n)) for n in range(3))}
    assert len(kinds) == 4
    grid = draw(Scene("loss", lines=(ours, dataclasses.replace(ours, texture="sparse", faint=True)), last=99))
    assert (dots(grid) == dots(draw(Scene("loss", lines=(ours,), last=99)))).all()  # what is faint stays behind


def test_smoothing_keeps_the_raw_line_behind() -> None:
    noisy = line(values=1.0 + 0.5 * (-1.0) ** np.arange(100))
    plain, smooth = (draw(Scene("loss", lines=(noisy,), last=99, smooth=length)) for length in (0.0, 0.1))
    assert "smoothed 10 %" in rows(smooth)[0]
    front, behind = inks.ink("train"), inks.ink("train", "faint")
    assert {front, behind} <= set(smooth.inks[1:-2, frame.GUTTER :][dots(smooth)].tolist())
    assert behind not in plain.inks[1:-2, frame.GUTTER :][dots(plain)]


@pytest.mark.parametrize("glyphs", [BRAILLE, ASCII])
def test_lines_are_named_at_their_ends_and_where_there_are_several_only(glyphs: Glyphs) -> None:
    one, two = line(), line("validation", np.full(100, 2.0), "val", brief="val")
    shown = rows(draw(Scene("loss", lines=(one, two), last=200, step=100), glyphs))
    ends = ["".join(row[frame.GUTTER + 37 :]).split()[:1] for row in shown[1:-2]]
    assert ["train"] in ends and ["val"] in ends
    assert all("train" not in row for row in rows(draw(Scene("loss", lines=(one,), last=200), glyphs))[1:])


def test_a_hidden_line_is_named_and_neither_drawn_nor_reckoned_with() -> None:
    one, two = line(), line("val", np.full(100, 50.0), "val")
    scene = Scene("loss", lines=(one, two), last=200, hidden=frozenset({"val"}))
    shown = rows(draw(scene))
    assert "val hidden" in shown[0]
    assert extent(reduce(scene, 100)) == (1.0, 1.0)
    written = {entry.label: shown[0][entry.start : entry.end] for entry in legend.entries(scene, WIDTH, BRAILLE)}
    assert "1.00" in written["train"] and "hidden" in written["val"]


def test_where_marks_share_a_column_the_weightier_one_is_shown() -> None:
    marks = (Mark(50, "finding", "plateau"), Mark(50, "note", "hm"))
    for order in (marks, marks[::-1]):
        shown = rows(draw(Scene("loss", lines=(line(),), last=200, marks=order)))
        assert "!" in shown[-2] and "n" not in shown[-2]
