"""One line of a run as far as it was told: its series, knob turns and marks.

The line of a branch goes from step 0 to the branch's end; what it shares with the branches that it comes from is in it.
"""

from copy import deepcopy

import numpy as np

from nnlab.telemetry.pyramid import Floats, Ints
from nnlab.telemetry.series import Series
from nnlab.wire import events
from nnlab.wire.values import PER_STEP


class Line:
    """Grown by the history that holds it; others only read it. `step` steps are done on it."""

    def __init__(self) -> None:
        self.step = 0
        self.series: dict[str, Series] = {}
        self.turns: list[events.KnobTurned] = []
        """Knobs turned, in order."""
        self.marks: list[events.Marked] = []
        """Marks, in the order in which they arrived."""

    def get(self, name: str) -> Series | None:
        """The series of this name; None as long as it has no points."""
        return self.series.get(name)

    @property
    def whole(self) -> bool:
        """Whether every point is still there, none of them only in an overview: then the line can be cut exactly."""
        return all(series.count == len(series) for series in self.series.values())

    def points(self, step: int) -> dict[str, tuple[Ints, Floats]]:
        """Copies of the points that a line cut at `step` keeps: per-step ones before it, sampled ones up to it."""
        found = {}
        for name, series in self.series.items():
            end = int(np.searchsorted(series.steps, step, side="left" if name in PER_STEP else "right"))
            found[name] = series.steps[:end].copy(), series.values[:end].copy()
        return found

    def before(self, step: int) -> "Line":
        """A line without points, with the turns and marks before `step`."""
        line = Line()
        line.turns = [turn for turn in self.turns if turn.step < step]
        line.marks = [mark for mark in self.marks if mark.step < step]
        return line

    def fork(self, step: int) -> "Line":
        """A line of its own with all the points, and the turns and marks before `step`."""
        line = self.before(step)
        line.step, line.series = self.step, deepcopy(self.series)
        return line
