"""Which of the running engines a command means."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnlab.errors import UserError

if TYPE_CHECKING:
    from nnlab.client.runtime import Engine

NONE_RUNS = "no engine is running; nnlab SCENARIO starts one, nnlab runs lists what was recorded"


def choose(wanted: str | None) -> "Engine":
    """The engine of this id (or its beginning) or scenario; the only one where nothing is said. Raises UserError."""
    from nnlab.client.runtime import engines

    running = [engine for engine in engines() if not engine.aside]
    if not running:
        raise UserError(NONE_RUNS)
    if wanted is None:
        found, why = running, "several engines are running"
    else:
        found = [engine for engine in running if wanted == engine.scenario or engine.place.id.startswith(wanted)]
        why = f'several engines go by "{wanted}"'
    if not found:
        raise UserError(f'no engine goes by "{wanted}"{_hint(wanted or "", running)}; running: {_listed(running)}')
    if len(found) > 1:
        raise UserError(f"{why}, say which: {_listed(found)}")
    return found[0]


def _listed(engines: "Sequence[Engine]") -> str:
    return ", ".join(f"{engine.place.id} ({engine.scenario}, seed {engine.seed})" for engine in engines)


def _hint(wanted: str, engines: "Sequence[Engine]") -> str:
    from nnlab.cli.parser import nearest_of

    guess = nearest_of(wanted, [*(engine.scenario for engine in engines), *(engine.place.id for engine in engines)])
    return f'; did you mean "{guess}"?' if guess else ""
