"""The decision surface as it is drawn."""

import numpy as np
import pytest

from nnlab.ui.charts import inks
from nnlab.ui.charts.glyphs import BRAILLE
from nnlab.ui.charts.surface_map import resample
from nnlab.ui.views.surface import surface


def test_points_stand_where_they_are_and_shapes_tell_class_and_part(halves, rows) -> None:
    text = rows(surface(halves), 40, 12)
    assert "step 40" in text[0]
    assert text[10][0] == "●"
    assert text[10][39] == "▲"
    assert text[1][39] == "○"
    assert text[11].startswith("● cat  ▲ dog")
    assert "validation" in text[11]


def test_the_ground_is_the_colour_of_the_class_that_wins(halves) -> None:
    grid = surface(halves).draw(40, 12, BRAILLE)
    left, right = (inks.back_of(int(grid.inks[5, x])) for x in (2, 37))
    assert left == inks.tone("s1", 3)
    assert right == inks.tone("s2", 3)


def test_up_is_up(inspected, rows) -> None:
    found = inspected(
        "surface", ("a", "b"), x=[0, 1], y=[0, 1], grid=[1, 1, 0, 0, 0, 0, 1, 1], point_x=[], point_y=[],
        point_label=[], point_held=[], kind=[1],
    )  # fmt: skip
    text = rows(surface(found), 40, 12, "ascii")
    assert (set(text[1]), set(text[10])) == ({","}, {"."})


def test_without_colour_and_half_blocks_the_ground_tells_the_class(halves, rows) -> None:
    text = rows(surface(halves), 40, 12, "ascii")
    assert text[5][:10] == "." * 10
    assert text[5][30:] == "," * 10


def test_reading_between_grid_points_is_linear() -> None:
    y, x = np.mgrid[0:4, 0:6].astype(float)
    found = resample((2 * x + 3 * y)[None], 7, 11)[0]
    wide, high = np.meshgrid(np.linspace(0, 5, 11), np.linspace(0, 3, 7))
    assert found == pytest.approx(2 * wide + 3 * high)


def test_one_input_is_a_curve_over_its_points(inspected, rows) -> None:
    x = np.linspace(0, 10, 50)
    found = inspected(
        "surface", ("age", "height"), x=x, grid=x, point_x=[2, 8], point_y=[2, 8], point_label=[2, 8],
        point_held=[0, 1], kind=[0],
    )  # fmt: skip
    text = rows(surface(found), 47, 14)
    drawn = [[column for column, char in enumerate(row[7:]) if char != " "] for row in text[1:-1]]
    assert text[0].startswith("curve age 0 … 10")
    assert min(drawn[1]) >= 30
    assert max(drawn[-2]) < 10


def test_what_is_not_a_number_is_said_so(inspected, rows) -> None:
    nowhere = [0, 1]
    found = inspected(
        "surface", ("a", "b"), x=nowhere, y=nowhere, grid=[np.nan] * 8, point_x=[], point_y=[], point_label=[],
        point_held=[], kind=[1],
    )  # fmt: skip
    assert "not a number at step 40" in " ".join(" ".join(rows(surface(found))).split())
