"""A still picture of lines as plain text, for reports of headless runs; plotext draws the frame and the ticks.

plotext's figure is global and a NaN would break it, so this is the only place that touches it: cleared before and
after, and given finite numbers only. Nothing that moves is drawn with it.
"""

import threading
from collections.abc import Sequence
from itertools import cycle

import numpy as np
import plotext  # type: ignore[import-untyped]

from nnlab.ui.charts.lines import Line
from nnlab.wire.telling import Picture

MARKERS = ("braille", "x", "o", "+", "*")
"""One a line, so that lines differ without colour."""

_ONE_FIGURE = threading.Lock()


def figure_text(lines: Sequence[Line], width: int, height: int, title: str, axis: str = "step") -> str:
    """The means of the lines over the steps (or what `axis` names), without colour, `width` × `height` characters.

    Values that are not finite are left out; with nothing to draw the text says so.
    """
    finite = [(line, np.isfinite(line.mean)) for line in lines]
    drawn = [(line, keep) for line, keep in finite if keep.any()]
    if not drawn:
        return f"{title}: nothing to draw"
    with _ONE_FIGURE:
        plotext.clear_figure()
        try:
            plotext.plotsize(width, height)
            plotext.theme("clear")
            plotext.title(title)
            for (line, keep), marker in zip(drawn, cycle(MARKERS), strict=False):
                steps, values = line.steps[keep].tolist(), line.mean[keep].tolist()
                plotext.plot(steps, values, label=line.label, marker=marker)
            plotext.xlabel(axis)
            return str(plotext.uncolorize(plotext.build()))
        finally:
            plotext.clear_figure()


def curves_text(picture: Picture, width: int, height: int) -> str:
    """The curves of an experiment, likewise."""
    lines = [
        Line(curve.label, np.array(curve.x), np.array(curve.y), np.array(curve.y), np.array(curve.y), f"s{number}")
        for number, curve in enumerate(picture.curves, 1)
        if curve.y
    ]
    return figure_text(lines, width, height, picture.title, picture.axis)
