"""What a turn caused, in one sentence; for the lab's journal and the report of a headless run alike."""

import math

from nnlab.scenario.knob_table import RESET
from nnlab.trials.effect import Appearance, Effect, Turned
from nnlab.wire.values import KnobValue

MEASURES = {
    "val/loss": "validation loss",
    "val/recall@1": "recall@1",
    "val/recall_min": "smallest class recall",
    "val/accuracy": "validation accuracy",
    "val/r2": "R²",
    "train/probe_loss": "loss on training rows",
}
"""What a measure is called."""


def sentence(found: Effect) -> str:
    """As in: lr 0.1 → 0.001 caused: validation loss 0.21 instead of 0.43 (better), visible since step 640."""
    turns = ", ".join(map(_turn, found.turns))
    if not found.visible:
        return f"{turns}: {_nothing(found)}"
    parts = [_difference(found)] if found.since is not None else []
    parts += [_brought(one) for one in found.brought]
    parts += [_spared(one) for one in found.spared]
    if found.since is None and not found.early:
        parts.append(f"no difference in {_called(found)} beyond the noise")
    return f"{turns} caused: {'; '.join(parts)}"


def _difference(found: Effect) -> str:
    side = "better" if found.better else "worse"
    return (
        f"{_called(found)} {_number(found.treated)} instead of {_number(found.untouched)} ({side}), "
        f"visible since step {found.since:,}"
    )


def _brought(one: Appearance) -> str:
    if one.before:
        return f"{_words(one)} stands on, which the untouched twin lost at step {one.since:,}"
    return f"{_words(one)} since step {one.since:,}, which the untouched twin does not have"


def _spared(one: Appearance) -> str:
    if one.before:
        return f"{_words(one)} cured at step {one.since:,}"
    return f"no {_words(one)}, which the untouched twin has since step {one.since:,}"


def _nothing(found: Effect) -> str:
    """Plainly, why nothing can be told."""
    if not found.measure:
        return "what it caused cannot be told: nothing that is measured compares"
    if found.early:
        count = f"{found.readings} reading{'' if found.readings == 1 else 's'}"
        return f"too early to tell what it caused, after {count} of {_called(found)}"
    return (
        f"no effect that can be told from noise: {_called(found)} {_number(found.treated)}, "
        f"untouched {_number(found.untouched)} (noise ±{_number(found.noise)})"
    )


def _called(found: Effect) -> str:
    return MEASURES.get(found.measure, found.measure)


def _words(one: Appearance) -> str:
    return one.mode.replace("-", " ")


def _turn(turn: Turned) -> str:
    if turn.knob == RESET:
        return "optimizer state reset"
    return f"{turn.knob} {_value(turn.old)} → {_value(turn.new)}"


def _value(value: KnobValue) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"


def _number(value: float) -> str:
    return f"{value:.3g}" if math.isfinite(value) else "not finite"
