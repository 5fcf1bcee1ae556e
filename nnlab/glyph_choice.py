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


LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
"""Environment variables that say which characters there are, the first that is set before the others."""

COERCED = "C.UTF-8"
"""What Python itself writes into LC_CTYPE where the user's locale is C, so that it can go on in UTF-8 (PEP 538)."""


def choice(environment: Mapping[str, str] | None = None, encoding: str | None = None) -> Choice:
    """The user's choice, or else the best that this terminal can show: ASCII where it is a poor one, where its encoding
    is not UTF-8, and where the user has asked for the locale C or POSIX; one that is not set at all says nothing."""
    environment = os.environ if environment is None else environment
    wanted = environment.get(VARIABLE, "").strip().lower()
    for known in CHOICES:
        if wanted == known:
            return known
    encoding = locale.getpreferredencoding(False) if encoding is None else encoding
    poor = environment.get("TERM", "").startswith(POOR) or _locale(environment) in ("C", "POSIX")
    return "braille" if encoding.replace("-", "").lower() == "utf8" and not poor else "ascii"


def _locale(environment: Mapping[str, str]) -> str:
    """The locale that the user has set, "" if none."""
    found = [(name, environment[name]) for name in LOCALE if environment.get(name)]
    chosen = [value for name, value in found if (name, value) != ("LC_CTYPE", COERCED)] or [v for _, v in found]
    return chosen[0] if chosen else ""
