"""A grid of cells: a character and an ink each, compared and cut by numpy."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from nnlab.ui.charts.canvas import NO_INK
from nnlab.ui.charts.inks import Inks

BRIDGE = 4
"""Unchanged cells between two changes that are repainted with them: moving the cursor and setting colours anew costs
more bytes than a few cells."""

BLANK = ord(" ")


@dataclass(slots=True, eq=False)
class Grid:
    """`height` × `width` cells, blank at first."""

    width: int
    height: int
    codes: NDArray[np.uint32] = field(init=False)
    inks: NDArray[np.int16] = field(init=False)

    def __post_init__(self) -> None:
        self.codes = np.full((self.height, self.width), BLANK, dtype=np.uint32)
        self.inks = np.full((self.height, self.width), NO_INK, dtype=np.int16)

    def put(self, y: int, x: int, text: str, ink: int) -> None:
        """Write a text; what lies outside the grid is cut off. `text` is made of characters one cell wide."""
        if not 0 <= y < self.height or not text:
            return
        start, end = max(x, 0), min(x + len(text), self.width)
        if start < end:
            part = text[start - x : end - x]
            self.codes[y, start:end] = np.frombuffer(part.encode("utf-32-le"), dtype=np.uint32)
            self.inks[y, start:end] = ink

    def paste(self, y: int, x: int, part: "Grid") -> None:
        """Lay another grid over this one, its upper left cell at (`y`, `x`); what lies outside is cut off."""
        height, width = max(min(part.height, self.height - y), 0), max(min(part.width, self.width - x), 0)
        self.codes[y : y + height, x : x + width] = part.codes[:height, :width]
        self.inks[y : y + height, x : x + width] = part.inks[:height, :width]

    def in_one(self, ink: int) -> "Grid":
        """This grid with all its characters in one ink."""
        self.inks[self.inks != NO_INK] = ink
        return self

    def free(self, y: int, x: int, length: int, spare: str = " ") -> bool:
        """Whether these cells lie on the grid and are all blank, or hold one of the characters that may be lost."""
        if not (0 <= y < self.height and x >= 0 and x + length <= self.width):
            return False
        return {BLANK, *map(ord, spare)}.issuperset(self.codes[y, x : x + length].tolist())

    def changes(self, before: "Grid") -> list[Region]:
        """One-row regions covering every cell that differs from a grid of the same size."""
        differs = (self.codes != before.codes) | (self.inks != before.inks)
        regions = []
        for y in np.flatnonzero(differs.any(axis=1)).tolist():
            at = np.flatnonzero(differs[y])
            gaps = np.flatnonzero(np.diff(at) > BRIDGE)
            starts = at[np.concatenate(([0], gaps + 1))].tolist()
            ends = at[np.concatenate((gaps, [len(at) - 1]))].tolist()
            regions += [Region(x, y, end - x + 1, 1) for x, end in zip(starts, ends, strict=True)]
        return regions

    def strip(self, y: int, inks: Inks) -> Strip:
        """Row `y`, ready to paint."""
        row = self.inks[y]
        starts = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist()]
        text = self.codes[y].tobytes().decode("utf-32-le")
        ends = [*starts[1:], self.width]
        segments = [Segment(text[x:end], inks[int(row[x])]) for x, end in zip(starts, ends, strict=True)]
        return Strip(segments, self.width)


def one_cell_each(text: str) -> str:
    """The text with everything that is not exactly one cell wide replaced, so that columns can be counted."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() and cell_len(c) == 1 else "?" for c in text)


def shorten(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in at most `width` characters."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + ellipsis[: max(width, 0)]


def shorten_head(text: str, width: int, ellipsis: str = "…") -> str:
    """A dotted name in at most `width` characters: what stands before the last dot is cut first ("doc….linear")."""
    head, dot, tail = text.rpartition(".")
    room = width - len(dot + tail)
    if len(text) <= width or not dot or room < 2:
        return shorten(text, width, ellipsis)
    return shorten(head, room, ellipsis) + dot + tail
