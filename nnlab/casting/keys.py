"""Keys to be pressed by themselves, as they are written on the command line: `wait:3 k right right wait:2 q`."""

from dataclasses import dataclass

from nnlab.errors import UserError

NAMED = {
    "space": " ", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z", "esc": "\x1b", "escape": "\x1b",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "backspace": "\x7f", "delete": "\x1b[3~",
    "shift+left": "\x1b[1;2D", "shift+right": "\x1b[1;2C",
}  # fmt: skip

PAUSE = 0.3
"""Seconds after each key."""

LONGEST = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Press:
    """What the terminal sends for a key, `at` seconds after the beginning."""

    at: float
    sends: bytes


def presses(text: str) -> tuple[tuple[Press, ...], float]:
    """The keys of such a line and the second at which all is done. Raises UserError for a word that is neither."""
    found, now = [], 0.0
    for word in text.split():
        if word.startswith("wait:"):
            now += _seconds(word.removeprefix("wait:"), word)
        else:
            found.append(Press(now, _sends(word)))
            now += PAUSE
    return tuple(found), now


def _sends(word: str) -> bytes:
    if len(word) == 1:
        return word.encode()
    if word.startswith("ctrl+") and len(word) == 6 and word[5].isalpha() and word.isascii():
        return bytes([ord(word[5].lower()) & 0x1F])
    if word not in NAMED:
        raise UserError(
            f'--keys: "{word}" is no key: there are single characters, wait:SECONDS, ctrl+LETTER and {", ".join(NAMED)}'
        )
    return NAMED[word].encode()


def _seconds(text: str, word: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST:
        raise UserError(f'--keys: "{word}" waits no number of seconds, as wait:2.5 does')
    return seconds
