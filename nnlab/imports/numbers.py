"""Numbers as log files write them."""

import math
import re

from nnlab.imports.metrics import LARGEST_STEP

MISSING = frozenset({"", "na", "n/a", "<na>", "null", "none", "-", "--"})
"""Cells without a value, in lower case. "nan" is none of them: a NaN that was logged is data."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE | re.ASCII)


def number(value: object) -> float | None:
    """The number, None where nothing was written. Raises ValueError for anything else."""
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        if text.lower() in MISSING:
            return None
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"{shown(value)} is not a number")
        return float(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{shown(value)} is not a number")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def step(value: object) -> int | None:
    """The step, None where nothing was written. Raises ValueError for what cannot be one."""
    found = number(value)
    if found is None:
        return None
    if not math.isfinite(found) or found != int(found):
        raise ValueError(f"{shown(value)} is no whole number")
    if not 0 <= found < LARGEST_STEP:
        raise ValueError(f"{shown(value)} must be from 0 to {LARGEST_STEP - 1}")
    return int(found)


def shown(value: object) -> str:
    """A value in a message, short and on one line."""
    text = repr(value) if not isinstance(value, str) else '"' + value.encode("unicode_escape").decode() + '"'
    return text if len(text) <= 40 else f"{text[:36]}…" + ('"' if isinstance(value, str) else "")
