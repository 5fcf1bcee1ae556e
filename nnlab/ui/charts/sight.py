"""Which steps the charts show and which one is looked at, the same for all charts of a screen.

Pure functions from one sight to the next; the screen holds the sight, the charts ask it for another one by message.
"""

import math
from dataclasses import dataclass

from textual.message import Message

from nnlab.ui.charts.style import Style

NARROWEST = 10
"""Steps that a window holds at least."""


@dataclass(frozen=True, slots=True)
class Window:
    """The steps from `first` to `last`. One that `follows` moves on, in jumps, with the newest step."""

    first: int
    last: int
    follows: bool = False

    @property
    def width(self) -> int:
        """Steps from end to end."""
        return self.last - self.first


@dataclass
class CursorMoved(Message):
    """The user looks at this step; None: at the newest one again."""

    step: int | None


@dataclass
class RewindAsked(Message):
    """The user wants the run to go back to this step."""

    step: int


@dataclass
class WindowMoved(Message):
    """The user wants to see these steps; None: all of them."""

    window: Window | None


@dataclass
class Styled(Message):
    """The user wants the plot of this title to be drawn so."""

    plot: str
    style: Style


def zoomed(shown: Window, factor: float, anchor: int, end: int, newest: int) -> Window | None:
    """The window after zooming about the step `anchor`, which stays where it is; None when all steps up to `end` fit.

    `factor` is new width : old width. It follows the run if the newest step is in sight.
    """
    width = max(round(shown.width * factor), NARROWEST)
    if width >= end:
        return None
    share = (anchor - shown.first) / max(shown.width, 1)
    return _placed(anchor - round(share * width), width, end, newest)


def panned(shown: Window, share: float, end: int, newest: int) -> Window:
    """The window moved by a share of its width, as far as there are steps up to `end`."""
    by = math.copysign(max(abs(round(share * shown.width)), 1), share)
    return _placed(shown.first + int(by), shown.width, end, newest)


def followed(window: Window | None, newest: int) -> Window | None:
    """The window where the run has gone on: one that follows jumps by quarters of its width."""
    if window is None or not window.follows or newest <= window.last:
        return window
    jump = max(window.width // 4, 1)
    by = math.ceil((newest - window.last) / jump) * jump
    return Window(window.first + by, window.last + by, follows=True)


def moved(cursor: int | None, by: int, newest: int) -> int | None:
    """The step `by` further on, beginning at the newest; None from there on, where one watches the run go on."""
    at = max((newest if cursor is None else cursor) + by, 0)
    return at if at < newest else None


def brought_in(window: Window | None, step: int, end: int) -> Window | None:
    """The window moved so that the step is in sight."""
    if window is None or window.first <= step <= window.last:
        return window
    by = step - window.first if step < window.first else step - window.last
    first = min(max(window.first + by, 0), max(end - window.width, 0))
    return Window(first, first + window.width)


def _placed(first: int, width: int, end: int, newest: int) -> Window:
    first = min(max(first, 0), max(end - width, 0))
    return Window(first, first + width, follows=first <= newest <= first + width)
