"""Texts for terminals that have nothing but ASCII: each character becomes one that looks or reads alike."""

import unicodedata

from rich.cells import cell_len
from textual.drivers.linux_driver import LinuxDriver

LIKE = {
    "-": "─╌╍┄┈╴╶╺⎯–—−▔",
    "|": "│┃┊╎▏▕‖║",
    "+": "┌┐└┘├┤┬┴┼╭╮╰╯",
    "O": "●",
    "o": "○◌",
    "*": "◆◇★▅▆",
    "#": "■◼█▇▀▌▐▓▒░",
    "_": "▁",
    ".": "▂·∙",
    "=": "━╸▃▄≈≡",
    "!": "▲⚠",
    ">": "→▸▶≥",
    "<": "←◂◀≤⌫",
    "^": "↑▴",
    "v": "↓▼▾✓",
    "x": "✗×",
    "~": "…±",
    "8": "∞",
    '"': "“”",
    "'": "‘’",
    "@": "◐",
    "D": "Δ",
}
"""ASCII character: those that it stands in for."""


class _Table(dict[int, str]):
    """For `str.translate`; characters are added as they are met."""

    def __missing__(self, code: int) -> str:
        """ASCII as it is; else the letter without its accent; else as many question marks as it is wide."""
        if code < 128:
            return self.setdefault(code, chr(code))
        character = chr(code)
        base = unicodedata.normalize("NFKD", character)[0]
        return self.setdefault(code, base if base.isascii() else "?" * cell_len(character))


_ASCII = _Table({ord(other): plain for plain, others in LIKE.items() for other in others})


def in_ascii(text: str) -> str:
    """The text in ASCII, in as many cells."""
    return text.translate(_ASCII)


class PlainDriver(LinuxDriver):
    """Textual's driver, writing ASCII only: whatever a panel draws, the terminal can show it."""

    def write(self, data: str) -> None:
        """Write to the terminal."""
        super().write(in_ascii(data))
