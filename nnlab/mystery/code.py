"""The code of a mystery: six characters that give everyone the same one, bit for bit.

Crockford's base 32 (no I, L, O, U): five characters hold version, level and seed, the sixth checks them. The check
character is a weighted sum with odd weights, so that a single wrong character is always noticed, and two neighbours
that changed places nearly always.
"""

import secrets
from dataclasses import dataclass

from nnlab.errors import UserError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("ILO", "110", "- ")
"""Letters that are taken for digits, and what may stand between characters."""

VERSION = 1
"""Of the generator: another one would make other mysteries of the same seed."""
HIDDEN = {1: "a wrong setting", 2: "something with the data", 3: "a bug, or two causes at once"}
"""What is wrong in the mysteries of each level."""
LEVELS = tuple(HIDDEN)
SEEDS = 1 << 19
"""Mysteries of a level."""

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Code:
    """`level` is one of `LEVELS`, `seed` below `SEEDS`."""

    level: int
    seed: int
    version: int = VERSION

    def __str__(self) -> str:
        """As people pass it on: "K7Q-2FX"."""
        number = (self.version * 4 + self.level) * SEEDS + self.seed
        values = [number >> 5 * place & 31 for place in reversed(range(_DIGITS))]
        text = "".join(ALPHABET[value] for value in (*values, _check(values)))
        return f"{text[:3]}-{text[3:]}"


def parse(text: str) -> Code:
    """The code that was written so, in capitals or not, with or without the hyphen. Raises UserError."""
    wanted = text.strip().upper().translate(MISREAD)
    if len(wanted) != _DIGITS + 1 or not set(wanted) <= set(ALPHABET):
        raise UserError(f'"{text}" is no code of a mystery; a code has six letters and digits, such as {Code(1, 1)}')
    *values, check = map(ALPHABET.index, wanted)
    if check != _check(values):
        raise UserError(f'"{text}" is no code of a mystery: a character is wrong, or two are in the wrong order')
    number = sum(value << 5 * place for place, value in enumerate(reversed(values)))
    kind, seed = divmod(number, SEEDS)
    code = Code(kind % 4, seed, kind // 4)
    if code.version != VERSION:
        raise UserError(f"{code} is a mystery of generator {code.version}; this nnlab has generator {VERSION}")
    if code.level not in LEVELS:
        raise UserError(f'"{text}" is no code of a mystery: there is no level {code.level}')
    return code


def anyone(level: int) -> Code:
    """A mystery of the level that nobody has chosen."""
    return Code(level, secrets.randbelow(SEEDS))


def _check(values: list[int]) -> int:
    return sum((2 * place + 1) * value for place, value in enumerate(values)) % len(ALPHABET)
