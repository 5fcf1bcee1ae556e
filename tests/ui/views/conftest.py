"""Pictures as text, and answers of an engine that was never there."""

from array import array
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from nnlab.telemetry.history import History
from nnlab.ui.charts.glyphs import SETS
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.views.sight import Known
from nnlab.wire import events


def drawn(drawing: Drawing, width: int = 60, height: int = 20, glyphs: str = "braille") -> list[str]:
    """The rows of a drawing."""
    grid = drawing.draw(width, height, SETS[glyphs])
    assert (grid.width, grid.height) == (width, height)
    return ["".join(map(chr, row)) for row in grid.codes.tolist()]


def answer(what: str, texts: Sequence[str] = (), step: int = 40, **values: object) -> events.Inspected:
    """An inspection with these arrays."""
    packed = tuple(array("d", np.asarray(value, dtype=float).reshape(-1)) for value in values.values())
    return events.Inspected(step, what, tuple(values), packed, tuple(texts))


@pytest.fixture
def rows() -> Callable[..., list[str]]:
    return drawn


@pytest.fixture
def inspected() -> Callable[..., events.Inspected]:
    return answer


@pytest.fixture
def known(info) -> Callable[..., Known]:
    """A run with these series, each a list of (step, value)."""

    def make(series: dict[str, list[tuple[int, float]]], *told: events.Event, run=info, diagnosis=None) -> Known:
        history = History(run)
        names = tuple(series)
        steps = tuple(array("q", [step for step, _ in points]) for points in series.values())
        values = tuple(array("d", [value for _, value in points]) for points in series.values())
        newest = max(points[-1][0] for points in series.values())
        for event in (events.Frame(newest, names, steps, values), *told):
            for _ in history.feed(event):
                pass
        return Known(history, diagnosis, {})

    return make


@pytest.fixture
def halves(inspected) -> events.Inspected:
    """Class 1 right of x = 0; one training row of each class, and a validation row of class 0 on the wrong side."""
    right = np.tile(np.array([0.0, 0.0, 1.0, 1.0]), (4, 1))
    return inspected(
        "surface",
        ("width", "height", "cat", "dog"),
        x=[-1, -0.4, 0.4, 1],
        y=[0, 1, 2, 3],
        grid=[1 - right, right],
        point_x=[-1, 1, 1],
        point_y=[0, 0, 3],
        point_label=[0, 1, 0],
        point_held=[0, 0, 1],
        kind=[1],
    )
