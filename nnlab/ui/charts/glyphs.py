"""The characters charts are made of, for terminals that have braille, only blocks, or only ASCII."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.glyph_choice import choice


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """A set of characters.

    A cell holds `wide` × `tall` dots. `table[bits]` is the code point of a cell whose dots are `bits`, where the dot in
    column x and row y counts 1 << (y * wide + x).
    """

    name: str
    wide: int
    tall: int
    table: NDArray[np.uint32]
    gutter: str = "│"
    tick: str = "┤"
    corner: str = "└"
    floor: str = "─"
    step_tick: str = "┬"
    mark: str = "┊"
    look: str = "│"
    looked: str = "▲"
    guide: str = "╌"
    broken: str = "×"
    swatches: tuple[str, str, str, str, str] = ("━━", "╍╍", "··", "╍·", "· ")
    """Samples of the textures, in the order of `lines.Texture`."""
    bar: str = " ╸━"
    spark: str = "▁▂▃▄▅▆▇█"
    warn: str = "▲"
    ellipsis: str = "…"
    thumb: str = "●"
    asked: str = "○"
    focus: str = "▸"
    arrow: str = "→"
    cursor: str = "▏"
    upper: str = "▀"
    """A cell whose upper half is drawn and whose lower half shows what is behind; blank where there are no halves."""
    shapes: tuple[str, ...] = ("●", "▲", "■", "◆", "★", "✚")
    """Points of the first classes, filled."""
    hollow: tuple[str, ...] = ("○", "△", "□", "◇", "☆", "✛")
    """The same shapes, hollow."""
    level: str = " ▁▂▃▄▅▆▇█"
    """Columns from empty to full."""
    ramp: str = " ░▒▓█"
    """Cells from empty to full."""


def _braille() -> NDArray[np.uint32]:
    """Unicode numbers braille dots down the first column, then the second, with the bottom row added last."""
    unicode_bit = (0, 3, 1, 4, 2, 5, 6, 7)  # of our dots, row by row
    bits = np.arange(256, dtype=np.uint32)
    table = np.zeros(256, dtype=np.uint32)
    for ours, theirs in enumerate(unicode_bit):
        table |= ((bits >> np.uint32(ours)) & np.uint32(1)) << np.uint32(theirs)
    table += np.uint32(0x2800)
    table[0] = ord(" ")
    return table


def _points(characters: str) -> NDArray[np.uint32]:
    return np.array([ord(c) for c in characters], dtype=np.uint32)


BRAILLE = Glyphs("braille", 2, 4, _braille())
BLOCKS = Glyphs("blocks", 2, 2, _points(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"))
ASCII = Glyphs(
    "ascii",
    1,
    3,
    _points(" '-'.:,|"),
    gutter="|",
    tick="+",
    corner="+",
    floor="-",
    step_tick="+",
    mark=":",
    look="|",
    looked="^",
    guide="-",
    broken="x",
    swatches=("==", "--", "..", "-.", ". "),
    bar=" -=",
    spark="_.-=*#",
    warn="!",
    ellipsis="~",
    thumb="O",
    asked="o",
    focus=">",
    arrow=">",
    cursor="_",
    upper=" ",
    shapes=("o", "x", "*", "+", "%", "&"),
    hollow=("O", "X", "@", "#", "$", "?"),
    level=" _.-=*#",
    ramp=" .:*#",
)
SETS = {glyphs.name: glyphs for glyphs in (BRAILLE, BLOCKS, ASCII)}


def detect() -> Glyphs:
    """The best set this terminal can show, or the one the user wants."""
    return SETS[choice()]
