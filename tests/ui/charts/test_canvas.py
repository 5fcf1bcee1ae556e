"""The canvas draws what a slow, obvious drawing would."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from nnlab.ui.charts.canvas import NO_INK, Canvas, to_columns
from nnlab.ui.charts.glyphs import ASCII, BLOCKS, BRAILLE, Glyphs

values = npst.arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf]))


def text(canvas: Canvas) -> list[str]:
    codes, _ = canvas.cells()
    return ["".join(map(chr, row)) for row in codes]


@given(mean=values, width=st.integers(1, 60))
def test_columns_agree_with_a_plain_loop(mean: np.ndarray, width: int) -> None:
    x = np.arange(len(mean), dtype=np.float64)
    limits = (0.0, float(max(len(mean) - 1, 1)))
    columns = to_columns(x, mean - 1, mean + 1, mean, limits=limits, count=width)
    groups: dict[int, list[float]] = {}
    for at, value in zip(x, mean, strict=True):
        if np.isfinite(value):
            groups.setdefault(int(at * ((width - 1) / limits[1]) + 0.5), []).append(value)
    assert columns.at.tolist() == sorted(groups)
    for k, at in enumerate(columns.at.tolist()):
        assert columns.low[k] == min(groups[at]) - 1
        assert columns.high[k] == max(groups[at]) + 1
        assert columns.mean[k] == pytest.approx(np.mean(groups[at]), abs=1e-6)


@given(mean=values, glyphs=st.sampled_from([BRAILLE, BLOCKS, ASCII]))
def test_a_line_has_no_holes_and_stays_on_the_canvas(mean: np.ndarray, glyphs: Glyphs) -> None:
    canvas = Canvas(20, 6, glyphs)
    x = np.arange(len(mean), dtype=np.float64)
    part = to_columns(x, mean, mean, mean, limits=(0.0, float(max(len(mean) - 1, 1))), count=canvas.dots_wide)
    if len(part.at):
        canvas.line(part.at, canvas.rows(part.mean, (-1e6, 1e6)), 3)
    codes, inks = canvas.cells()
    assert codes.shape == inks.shape == (6, 20)
    assert ((codes == ord(" ")) == (inks == NO_INK)).all()
    if len(part.at):
        drawn = np.flatnonzero((inks == 3).any(axis=0))
        assert drawn.tolist() == list(range(part.at[0] // glyphs.wide, part.at[-1] // glyphs.wide + 1))


def test_every_braille_dot_is_where_it_belongs() -> None:
    for x, row, character in [(0, 0, "⠁"), (0, 1, "⠂"), (0, 2, "⠄"), (0, 3, "⡀"), (1, 0, "⠈"), (1, 3, "⢀")]:
        canvas = Canvas(1, 1)
        canvas.points(np.array([x]), np.array([row]), 0)
        assert text(canvas) == [character]


def test_the_three_glyph_sets_draw_the_same_slope() -> None:
    pictures = {}
    for glyphs in (BRAILLE, BLOCKS, ASCII):
        canvas = Canvas(6, 2, glyphs)
        at = np.arange(canvas.dots_wide)
        canvas.line(at, np.linspace(canvas.dots_tall - 1, 0, len(at)), 0)
        pictures[glyphs.name] = text(canvas)
    assert pictures == {
        "braille": ["   ⣀⠔⠊", "⡠⠔⠉   "],
        "blocks": ["   ▄▄▀", "▄▀▀   "],
        "ascii": ["   .-'", ".-'   "],
    }


def test_a_line_hides_the_band_in_its_own_cells_only() -> None:
    canvas = Canvas(4, 3)
    at = np.arange(8)
    canvas.band(at, np.zeros(8), np.full(8, 11.0), 1)
    canvas.line(at, np.full(8, 5.0), 2)
    codes, inks = canvas.cells()
    assert inks.tolist() == [[1] * 4, [2] * 4, [1] * 4]
    assert {chr(c) for c in codes[1].tolist()} == {"⠒"}


def test_a_dotted_line_does_not_crawl_when_it_grows() -> None:
    short, long = Canvas(30, 4), Canvas(30, 4)
    short.line(np.arange(30), np.linspace(0, 8, 60)[:30], 0, texture="dotted")
    long.line(np.arange(60), np.linspace(0, 8, 60), 0, texture="dotted")
    assert (short.cells()[0][:, :14] == long.cells()[0][:, :14]).all()
