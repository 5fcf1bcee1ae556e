"""Themes on terminals with sixteen colours: one palette for dark themes and one for light ones.

The nearest of sixteen colours to a theme's own is often the wrong one (orange on white would be drawn in yellow),
so they are chosen here by hand, to be read in the colours of VGA and of xterm alike.
"""

from dataclasses import replace

from nnlab.ui.themes.load import LabTheme
from nnlab.ui.themes.roles import SURFACES

ANSI = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
"""What Rich takes for the colours 0 to 15: a colour written so is sent as its number."""

BLACK, RED, BLUE, MAGENTA, SILVER, GREY = 0, 1, 4, 5, 7, 8
BRIGHT_RED, BRIGHT_GREEN, BRIGHT_YELLOW, BRIGHT_MAGENTA, BRIGHT_CYAN, WHITE = 9, 10, 11, 13, 14, 15

ON_DARK = {
    **dict.fromkeys(SURFACES, BLACK),
    "text": WHITE, "muted": SILVER, "border": GREY, "accent": BRIGHT_CYAN, "mark": BRIGHT_MAGENTA, "ghost": SILVER,
    "train": BRIGHT_CYAN, "val": BRIGHT_YELLOW, "probe": BRIGHT_MAGENTA,
    "good": BRIGHT_GREEN, "warn": BRIGHT_YELLOW, "bad": BRIGHT_RED,
    "s1": BRIGHT_CYAN, "s2": BRIGHT_YELLOW, "s3": BRIGHT_GREEN, "s4": BRIGHT_MAGENTA, "s5": WHITE, "s6": BRIGHT_RED,
}  # fmt: skip

ON_LIGHT = {
    **dict.fromkeys(SURFACES, WHITE),
    "text": BLACK, "muted": GREY, "border": SILVER, "accent": BLUE, "mark": MAGENTA, "ghost": GREY,
    "train": BLUE, "val": RED, "probe": MAGENTA,
    "good": BLUE, "warn": MAGENTA, "bad": RED,
    "s1": BLUE, "s2": RED, "s3": BLACK, "s4": MAGENTA, "s5": GREY, "s6": BLUE,
}  # fmt: skip
"""Green, cyan and yellow cannot be read on white. Words and shapes tell good from bad here, as everywhere."""


def in_sixteen(theme: LabTheme) -> LabTheme:
    """The theme in the terminal's own colours."""
    numbers = ON_DARK if theme.dark else ON_LIGHT
    return replace(theme, palette={role: ANSI[number] for role, number in numbers.items()})
