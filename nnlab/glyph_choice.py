"""Which characters the terminal can show: braille, only block elements, or only ASCII."""

import locale
import os
from collections.abc import Mapping
from typing import Literal, get_args

Choice = Literal["braille", "blocks", "ascii"]
CHOICES: tuple[Choice, ...] = get_args(Choice)

VARIABLE = "NNLAB_GLYPHS"
"""Environment variable that decides it, with one of the choices as its value."""

POOR = ("linux", "dumb", "ansi", "cons25", "vt")
"""What TERM begins with where fonts have neither braille nor all blocks: consoles, old terminals."""


def choice(environment: Mapping[str, str] | None = None, encoding: str | None = None) -> Choice:
    """The user's choice, or else the best that this terminal can show: ASCII where its encoding is not UTF-8 too."""
    environment = os.environ if environment is None else environment
    wanted = environment.get(VARIABLE, "").strip().lower()
    for known in CHOICES:
        if wanted == known:
            return known
    encoding = locale.getpreferredencoding(False) if encoding is None else encoding
    utf8 = encoding.replace("-", "").lower() == "utf8"
    return "braille" if utf8 and not environment.get("TERM", "").startswith(POOR) else "ascii"
