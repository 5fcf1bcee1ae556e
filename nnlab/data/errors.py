"""What can be wrong with a data set."""

from collections.abc import Iterable
from difflib import get_close_matches

from nnlab.errors import UserError


class DataError(UserError):
    """The data cannot be read or do not fit their description: one sentence with file, line and column where known."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint to end a message with: `; did you mean 'x'?`, or nothing when no name comes close."""
    matches = get_close_matches(word, list(known), n=1)
    return f"; did you mean '{matches[0]}'?" if matches else ""
