"""Bars and sparklines."""

import math

import pytest
from textual.geometry import Size

from nnlab.ui.charts.bars import BarColumn, BarRow, BarTable, bar_text, sparkline


def test_share_on_linear_and_log_scales() -> None:
    assert BarColumn("dead", 0, 1).share(0.25) == 0.25
    assert BarColumn("gradient", 1e-4, 1, log=True).share(1e-2) == pytest.approx(0.5)
    assert [BarColumn("g", 1e-4, 1, log=True).share(v) for v in (0.0, -1.0, math.nan, math.inf)] == [0, 0, 0, 1]


def test_bar_to_half_a_cell() -> None:
    assert [bar_text(share, 4) for share in (0, 0.125, 0.5, 1)] == ["", "╸", "━━", "━━━━"]


def test_sparkline() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert sparkline([0, 0, 1, 1], 2) == "▁█"
    assert sparkline([5, math.nan, 5], 9) == "▄×▄"
    assert sparkline([], 5) == "" and sparkline([math.inf], 5) == "×"


def test_table_shows_rows_warns_by_shape_and_counts_the_rest() -> None:
    table = BarTable("layers")
    rows = [BarRow("fc1", (0.5, None)), BarRow("fc2", (math.nan, 0.1), warn=True), BarRow("out", (0.1, 0.2))]
    table.show(rows, [BarColumn("gradient", 1e-4, 1, log=True), BarColumn("dead", 0, 1)])
    lines = ["".join(map(chr, row)) for row in table.compose_grid(Size(50, 5)).codes]
    assert "gradient" in lines[0] and "dead" in lines[0]
    assert "0.500" in lines[1] and "–" in lines[1]
    assert lines[2].startswith("▲ fc2") and "NaN" in lines[2]
    short = ["".join(map(chr, row)) for row in table.compose_grid(Size(50, 3)).codes]
    assert "and 2 more" in short[2]
