"""Inks: what a cell is drawn in, as a small integer until the moment it is painted.

An ink is a role of the theme and a weight. Grids of inks are compared and cut into runs by numpy; colours are looked up
only for the runs that are repainted, so switching the theme needs no new grid.

Maps need more: a tone is a role in one of a few shades between the background and the role's full colour, and a pair of
tones is an ink that draws the character in one and the cell behind it in the other.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rich.style import Style
from textual.color import Color, ColorParseError

from nnlab.ui.themes import roles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Weight = Literal["plain", "faint", "bold", "reverse"]
WEIGHTS: tuple[Weight, ...] = ("plain", "faint", "bold", "reverse")

FAINT = 0.42
"""Share of the role's colour left in a faint ink, the rest being background: visible, but behind everything."""

_ROLES = roles.ALL
_INDEX = {role: index for index, role in enumerate(_ROLES)}


def ink(role: str, weight: Weight = "plain") -> int:
    """The ink of a role in a weight; a role no theme knows is drawn as text."""
    return _INDEX.get(role, _INDEX["text"]) * len(WEIGHTS) + WEIGHTS.index(weight)


SHADES = (0.0, 0.12, 0.22, 0.34, 0.48, 0.64, 0.82, 1.0)
"""Share of the role's colour in each shade of a tone; the first is background. Few, so that a map that hardly changes
repaints hardly anything."""

DARKEST = len(SHADES) - 1
"""The shade of a role's full colour."""

_TONES = len(_ROLES) * len(SHADES)
_PAIRS = len(_ROLES) * len(WEIGHTS)
"""The first ink that is a pair; 28,308 in all with 21 roles, which an int16 holds."""


def tone(role: str, shade: int = DARKEST) -> int:
    """A role in a shade."""
    return _INDEX[role] * len(SHADES) + shade


def tones(role: str, shares: Floats) -> Ints:
    """The tones of a role nearest to shares (0 background … 1 full colour) of its shades."""
    shades = np.rint(np.clip(np.nan_to_num(shares), 0.0, 1.0) * DARKEST).astype(np.int64)
    return _INDEX[role] * len(SHADES) + shades


def pair(front: int, back: int) -> int:
    """The ink of a character in the tone `front` on the tone `back`."""
    return _PAIRS + front * _TONES + back


def back_of(ink: int) -> int:
    """The tone behind the character of a pair."""
    return (ink - _PAIRS) % _TONES


def pairs(front: Ints, back: Ints) -> Ints:
    """`pair`, cell by cell."""
    return _PAIRS + front * _TONES + back


class Inks:
    """Styles of the inks under one theme, on one background."""

    def __init__(self, variables: Mapping[str, str], background: Color) -> None:
        self._variables = variables
        self._background = background
        self._styles: dict[int, Style] = {}
        self.blank = Style(bgcolor=background.rich_color)

    def __getitem__(self, number: int) -> Style:
        """The style of an ink; `NO_INK` is background only."""
        if number < 0:
            return self.blank
        style = self._styles.get(number)
        if style is None:
            style = self._styles[number] = self._make(number)
        return style

    def colour(self, role: str) -> Color:
        """The colour of a role."""
        name = f"lab-{role}"
        default = roles.VARIABLE_DEFAULTS[name]
        try:
            return Color.parse(self._variables.get(name, default))
        except ColorParseError:
            return Color.parse(default)

    def _shaded(self, number: int) -> Color:
        """The colour of a tone."""
        role, shade = divmod(number, len(SHADES))
        return self._background.blend(self.colour(_ROLES[role]), SHADES[shade], 1.0)

    def _make(self, number: int) -> Style:
        if number >= _PAIRS:
            front, back = divmod(number - _PAIRS, _TONES)
            return Style(color=self._shaded(front).rich_color, bgcolor=self._shaded(back).rich_color)
        role, weight = _ROLES[number // len(WEIGHTS)], WEIGHTS[number % len(WEIGHTS)]
        colour = self.colour(role)
        if weight == "reverse":
            return Style(color=colour.get_contrast_text(1.0).rich_color, bgcolor=colour.rich_color, bold=True)
        if weight == "faint":
            colour = self._background.blend(colour, FAINT, 1.0)
        return Style(color=colour.rich_color, bgcolor=self._background.rich_color, bold=weight == "bold" or None)
