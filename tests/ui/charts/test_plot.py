"""A chart as characters: what stands where."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.ui.charts import axes, frame, plot
from nnlab.ui.charts.canvas import Canvas
from nnlab.ui.charts.glyphs import ASCII, BRAILLE
from nnlab.ui.charts.grid import Grid, one_cell_each
from nnlab.ui.charts.lines import Line, Mark
from nnlab.ui.charts.marks import MARKS
from nnlab.ui.charts.scene import Scene, extent, reduce


def line(label: str = "train", values: np.ndarray | None = None, role: str = "train", **more: object) -> Line:
    values = np.linspace(2.0, 0.5, 100) if values is None else values
    plain = Line(
        label, np.arange(len(values)), values, values, values, role, value=float(values[-1]) if len(values) else None
    )
    return dataclasses.replace(plain, **more)


def draw(scene: Scene, width: int = 60, height: int = 12, glyphs: object = BRAILLE) -> list[str]:
    columns = reduce(scene, frame.body(width, height)[0] * glyphs.wide)  # type: ignore[attr-defined]
    seen = extent(columns)
    limits = None if seen is None else axes.fit_limits(*seen)
    grid = plot.draw(scene, columns, limits, (width, height), glyphs)  # type: ignore[arg-type]
    return ["".join(map(chr, row)) for row in grid.codes]


def test_title_names_each_line_with_texture_and_value() -> None:
    rows = draw(Scene("loss", lines=(line(), line("val", role="val", value=0.345)), last=200, step=100))
    assert rows[0].startswith("loss")
    assert rows[0].endswith("━━ train 0.500   ╍╍ val 0.345")


def test_axes_and_step_labels() -> None:
    rows = draw(Scene("loss", lines=(line(),), last=200, step=100))
    assert rows[-2][frame.GUTTER - 1] == "└"
    assert rows[-1].split() == ["step", "0", "50", "100", "150", "200"]
    assert all(row[frame.GUTTER - 1] in "│┤" for row in rows[1:-2])


def test_marks_stand_on_the_axis_with_letter_and_label() -> None:
    marks = (Mark(50, "knob", "lr 0.1 → 0.01"), Mark(150, "finding", "plateau"), Mark(900, "note", "off the axis"))
    rows = draw(Scene("loss", lines=(line(),), marks=marks, last=200, step=160), width=80)
    across = 80 - frame.GUTTER
    for mark, letter in zip(marks, "k!", strict=False):
        x = frame.GUTTER + round(mark.step * (across - 1) / 200)
        assert rows[-2][x] == letter
        assert rows[2][x] == "┊"
    assert "plateau" in rows[1] and "lr 0.1 → 0.01" in "".join(rows)
    assert "off the axis" not in "".join(rows)


def test_not_finite_is_clearly_marked() -> None:
    broken = line(nonfinite=np.arange(150, 160), value=float("nan"))
    rows = draw(Scene("loss", lines=(broken,), last=200, step=160), width=80)
    assert "NaN" in rows[0]
    assert "×" in rows[1] and "train not finite from step 150" in rows[1]


def test_guides_are_drawn_behind_the_data_and_named() -> None:
    rows = draw(Scene("accuracy", lines=(line(),), guides=((1.0, "chance"), (99.0, "outside")), last=200))
    named = [row for row in rows if "chance" in row]
    assert len(named) == 1 and "╌╌" in named[0]
    assert "outside" not in "".join(rows)


def test_every_line_is_named_at_its_end_among_the_bands_of_others_too() -> None:
    noise = np.random.default_rng(0).normal(1.0, 0.05, 200)
    train = line(values=noise, low=noise - 0.4, high=noise + 0.4)
    for last in (300, 199):  # with room behind the lines, and without
        rows = draw(Scene("loss", lines=(train, line("val", noise, "val")), last=last, step=200), width=80)
        body = "".join(row[frame.GUTTER :] for row in rows[1:-2])
        assert "train" in body and "val" in body


@pytest.mark.parametrize("limits", [(0.14, 0.26), (0.0, 0.9), (-12.0, 31.0), (4.0e-3, 4.7e-3)])
def test_a_low_chart_has_two_values_on_its_axis_all_the_same(limits: axes.Limits) -> None:
    grid = Grid(60, 8)
    frame.value_axis(grid, limits, False, Canvas(53, 5))
    assert sum(chr(code) == BRAILLE.tick for code in grid.codes[:, frame.GUTTER - 1]) >= 2


def test_log_axis_drops_what_it_has_no_place_for() -> None:
    values = np.array([1.0, 0.1, 0.0, -5.0, 0.01])
    columns = reduce(Scene("g", lines=(line(values=values),), last=4, log_y=True), 50)
    assert columns[0].mean.tolist() == pytest.approx([0, -1, -2])


def test_empty_chart_says_what_it_waits_for() -> None:
    assert "waiting for" in "".join(draw(Scene("loss", empty="waiting for the first step", last=10)))
    lost = line(values=np.full(10, np.nan))
    assert "no value in sight" in "".join(draw(Scene("loss", "", (lost,), empty="waiting for", last=10)))
    hidden = Scene("loss", "", (line(),), empty="waiting for", last=10, hidden=frozenset({"train"}))
    assert "all lines are hidden" in "".join(draw(hidden))


@settings(max_examples=50, deadline=None)
@given(
    width=st.integers(20, 90),
    height=st.integers(5, 30),
    values=st.lists(st.floats(), min_size=0, max_size=60),
    marks=st.lists(st.tuples(st.integers(-5, 300), st.sampled_from([*MARKS, "odd"]), st.text(max_size=40))),
    log_y=st.booleans(),
    glyphs=st.sampled_from([BRAILLE, ASCII]),
)
def test_any_chart_fits_its_size(*, width, height, values, marks, log_y, glyphs) -> None:  # type: ignore[no-untyped-def]
    series = line(values=np.array(values, dtype=np.float64), nonfinite=np.flatnonzero(~np.isfinite(values)))
    scene = Scene("λoss", lines=(series, series), marks=tuple(Mark(*m) for m in marks), log_y=log_y, last=100, step=60)
    rows = draw(scene, width, height, glyphs)
    assert len(rows) == height and {len(row) for row in rows} == {width}
    assert rows == [one_cell_each(row) for row in rows]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 39), st.sampled_from("ab "))))
def test_changes_cover_every_changed_cell_and_little_else(edits: list[tuple[int, int, str]]) -> None:
    before, after = Grid(40, 5), Grid(40, 5)
    for y, x, character in edits:
        after.put(y, x, character, 1)
    regions = after.changes(before)
    covered = np.zeros((5, 40), dtype=bool)
    for region in regions:
        assert region.height == 1
        covered[region.y, region.x : region.right] = True
    differs = (after.codes != before.codes) | (after.inks != before.inks)
    assert (covered >= differs).all()
    assert all(differs[r.y, r.x] and differs[r.y, r.right - 1] for r in regions)
