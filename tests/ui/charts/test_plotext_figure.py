"""Still pictures for reports."""

import numpy as np

from nnlab.ui.charts.lines import Line
from nnlab.ui.charts.plotext_figure import figure_text


def test_pictures_are_plain_repeatable_and_safe_from_nan() -> None:
    steps = np.arange(100)
    values = np.exp(-steps / 30.0)
    values[10] = np.nan
    values[11] = np.inf
    lines = [Line("train", steps, values, values, values, "train"), Line("val", steps, values, values, values, "val")]
    first = figure_text(lines, 60, 12, "loss")
    assert first == figure_text(lines, 60, 12, "loss")
    assert "loss" in first and "train" in first and "\x1b" not in first
    assert max(map(len, first.splitlines())) <= 60 and len(first.splitlines()) <= 13


def test_nothing_to_draw_is_said() -> None:
    nothing = np.full(3, np.nan)
    assert figure_text([Line("l", np.arange(3), nothing, nothing, nothing, "train")], 40, 8, "loss") == (
        "loss: nothing to draw"
    )
