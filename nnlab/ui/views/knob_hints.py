"""What the rows of the knobs say beside the values: since when, instead of what, and how far one can go."""

import math

from nnlab.scenario.knob_table import RESET
from nnlab.telemetry.history import History
from nnlab.ui.controls.hint import Hint
from nnlab.ui.views.staleness import keeps, stale
from nnlab.wire.events import KnobTurned
from nnlab.wire.values import KnobValue

FRESH = ("nothing of before a change", "up to date")
"""Said of the optimizer's memory when a change has left nothing in it, or has faded."""
NO_MEMORY = "this rule has none"


def hints(history: History, look: int | None = None) -> dict[str, Hint]:
    """The hints of the knobs that have any, as the run stands or stood when the step `look` was trained."""
    step = history.step if look is None else look
    last = {turn.knob: turn for turn in history.turns if turn.step <= step}
    found = {knob: _applied(turn) for knob, turn in last.items() if knob != RESET}
    edge = stable_edge(history, step)
    if edge is not None:
        given = found.get("lr", Hint())
        found["lr"] = Hint(given.since, given.requested, edge)
    left = stale(history, step)
    fresh = FRESH if keeps(history, step) else (NO_MEMORY,)
    found[RESET] = Hint(notes=left.told() if left else fresh, warns=bool(left and left.matters))
    return found


def stable_edge(history: History, step: int) -> float | None:
    """The largest stable value of the knob `lr`, by the last estimate up to a step; None where there is none.

    The estimate is of the rate in force; the knob is the base that a schedule multiplies, so it is put in its units.
    """
    estimate = _last(history, "lr/stable", step)
    if estimate is None:
        return None
    at, stable = estimate
    if history.info.facts.get("schedule.kind", "constant") == "constant":
        return stable
    force, base = _last(history, "lr", at), _base(history, at)
    if force is None or not force[1] > 0.0 or not base > 0.0:
        return None
    return stable * base / force[1]


def _applied(turn: KnobTurned) -> Hint:
    differs = turn.requested != turn.new or isinstance(turn.requested, str) != isinstance(turn.new, str)
    return Hint(turn.step, turn.requested if differs else None)


def _base(history: History, step: int) -> float:
    """What the knob `lr` held when a step was trained."""
    first: KnobValue = next((spec.value for spec in history.info.knobs if spec.id == "lr"), math.nan)
    return float(next((turn.new for turn in reversed(history.turns) if turn.knob == "lr" and turn.step <= step), first))


def _last(history: History, name: str, step: int) -> tuple[int, float] | None:
    """Step and value of the last reading up to a step."""
    series = history.get(name)
    if series is None:
        return None
    count = int(series.steps.searchsorted(step, side="right"))
    return (int(series.steps[count - 1]), float(series.values[count - 1])) if count else None
