"""Inks: what a cell is drawn in, as a small integer until the moment it is painted.

An ink is a role of the theme and a weight. Grids of inks are compared and cut into runs by numpy; colours are looked up
only for the runs that are repainted, so switching the theme needs no new grid.
"""

from collections.abc import Mapping
from typing import Literal

from rich.style import Style
from textual.color import Color, ColorParseError

from nnlab.ui.themes import roles

Weight = Literal["plain", "faint", "bold", "reverse"]
WEIGHTS: tuple[Weight, ...] = ("plain", "faint", "bold", "reverse")

FAINT = 0.42
"""Share of the role's colour left in a faint ink, the rest being background: visible, but behind everything."""

_ROLES = roles.ALL
_INDEX = {role: index for index, role in enumerate(_ROLES)}


def ink(role: str, weight: Weight = "plain") -> int:
    """The ink of a role in a weight; a role no theme knows is drawn as text."""
    return _INDEX.get(role, _INDEX["text"]) * len(WEIGHTS) + WEIGHTS.index(weight)


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

    def _make(self, number: int) -> Style:
        role, weight = _ROLES[number // len(WEIGHTS)], WEIGHTS[number % len(WEIGHTS)]
        colour = self.colour(role)
        if weight == "reverse":
            return Style(color=colour.get_contrast_text(1.0).rich_color, bgcolor=colour.rich_color, bold=True)
        if weight == "faint":
            colour = self._background.blend(colour, FAINT, 1.0)
        return Style(color=colour.rich_color, bgcolor=self._background.rich_color, bold=weight == "bold" or None)
