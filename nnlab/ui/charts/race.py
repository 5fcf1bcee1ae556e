"""Detectors on one stream: the course of each statistic, when it spoke, and when there was something to speak of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.ui import format as write
from nnlab.ui.charts import inks, numbers
from nnlab.ui.charts.columns import columns
from nnlab.ui.charts.glyphs import Glyphs
from nnlab.ui.charts.grid import BLANK, Grid, one_cell_each, shorten
from nnlab.ui.charts.heading import heading
from nnlab.ui.charts.heat import over_columns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LABEL, RESULT = 13, 15
"""Cells of a detector's name, and of what it achieved."""


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """A detector: its statistic in units of its limit at `steps`, and the step at which it spoke (None: it has not).

    `result` tells that in words; `wrong` says that it spoke of nothing.
    """

    label: str
    steps: Ints
    strength: Floats
    spoke: int | None
    result: str
    wrong: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Race:
    """Lanes over the steps 0 to `last`; `true` is the step at which the data began to drift, as far as it is known."""

    title: str
    note: str
    lanes: tuple[Lane, ...]
    last: int
    true: int | None = None

    def draw(self, width: int, height: int, glyphs: Glyphs) -> Grid:
        """A lane each; above its middle line the statistic is over the detector's limit."""
        grid = Grid(width, height)
        heading(grid, self.title, self.note)
        label, result = (LABEL, RESULT) if width >= 50 else (10, 12)
        across = max(width - label - result - 1, 4)
        tall = 2 if (height - 2) < 3 * len(self.lanes) else 3
        bottom = min(1 + tall * len(self.lanes), height - 1)
        for place, lane in enumerate(self.lanes):
            y = 1 + place * tall
            if y + 1 < height:
                self._lane(grid, y, lane, (label, across), glyphs)
        self._truth(grid, bottom, (label, across), glyphs)
        return grid

    def _lane(self, grid: Grid, y: int, lane: Lane, at: tuple[int, int], glyphs: Glyphs) -> None:
        x, across = at
        grid.put(y, 0, shorten(one_cell_each(lane.label), x - 1, glyphs.ellipsis), inks.ink("text"))
        level = [value or 0.0 for value in over_columns(lane.steps, lane.strength, self.last, across)]
        shares = np.nan_to_num(np.array(level), nan=2.0, posinf=2.0) / 2
        columns(grid, y, x, shares, 2, inks.ink("s1"), glyphs)
        grid.inks[y, x : x + across][shares > 0.5] = inks.ink("warn")
        rest = grid.codes[y, x : x + across] == BLANK
        grid.codes[y, x : x + across][rest] = ord(glyphs.guide)
        grid.inks[y, x : x + across][rest] = inks.ink("border")
        if lane.spoke is None:
            grid.put(y, x + across + 1, lane.result, inks.ink("muted"))
            return
        role = "bad" if lane.wrong else "good"
        spoke = x + _column(lane.spoke, self.last, across)
        grid.put(y, spoke, glyphs.warn, inks.ink(role, "reverse"))
        grid.put(y, x + across + 1, lane.result, inks.ink(role, "bold"))
        grid.put(y + 1, x + across + 1, f"step {write.count(lane.spoke)}", inks.ink("muted"))

    def _truth(self, grid: Grid, bottom: int, at: tuple[int, int], glyphs: Glyphs) -> None:
        """The step axis, and the true onset as a line through all lanes."""
        x, across = at
        end = numbers.compact(float(self.last), 4)
        grid.put(bottom, x, "0", inks.ink("muted"))
        grid.put(bottom, x + across - len(end), end, inks.ink("muted"))
        if self.true is None:
            return
        column = x + _column(self.true, self.last, across)
        for y in range(1, bottom):
            if grid.codes[y, column] in (BLANK, ord(glyphs.guide)):
                grid.put(y, column, glyphs.gutter, inks.ink("mark"))
        text = f"{glyphs.looked} drift {write.count(self.true)}"
        start = min(column, x + across - len(text))
        grid.put(bottom, max(start, x), text, inks.ink("mark", "bold"))


def _column(step: int, last: int, across: int) -> int:
    return min(int(step / max(last, 1) * across), across - 1)
