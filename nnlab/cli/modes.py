"""Names of findings as users give them."""

import difflib
import typing
from collections.abc import Callable

from nnlab.diagnosis.finding import HEALTHY, Diagnosis
from nnlab.errors import UserError
from nnlab.scenario.steering import FailureMode

MODES: tuple[str, ...] = typing.get_args(FailureMode)


def known_modes(text: str) -> tuple[str, ...]:
    """The modes of a comma-separated list, or ("any",). Raises UserError with the nearest name."""
    return tuple(_known(name.strip(), (*MODES, "any"), "--fail-on") for name in text.split(","))


def until(text: str) -> Callable[[Diagnosis], bool]:
    """Whether a diagnosis shows what `--until` waits for. Raises UserError with the nearest name."""
    name = _known(text.strip(), (*MODES, *HEALTHY, "healthy"), "--until")
    if name == "healthy":
        return lambda diagnosis: diagnosis.verdict in HEALTHY
    return lambda diagnosis: diagnosis.verdict == name or any(item.mode == name for item in diagnosis.standing)


def _known(name: str, names: tuple[str, ...], option: str) -> str:
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, 1)
    hint = f'; did you mean "{near[0]}"?' if near else f"; known are {', '.join(names)}"
    raise UserError(f'{option}: there is no finding "{name}"{hint}')
