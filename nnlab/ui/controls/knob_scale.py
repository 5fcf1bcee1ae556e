"""What a knob's scale means for a control: positions on a track, steps, typed values, text. Pure functions."""

import math

from nnlab.ui.charts.numbers import exact
from nnlab.wire.values import KnobSpec, KnobValue

OFF_SHARE = 0.06
"""Share of the track left of the lowest value that a knob which can be off (0) keeps for it."""

COARSE = 10
"""Fine steps in a coarse one; on a log scale a coarse step is a factor of this."""

OFF = "off"
NO_INDEX = -1
"""Value of a knob that picks something by its number when it picks nothing."""

DO = "reset"
"""What is written on the only kind of action there is."""

NOTHING = "none"
"""The empty choice in words: no layer, among those that can be frozen."""


def is_number(spec: KnobSpec) -> bool:
    """Whether the knob holds a number."""
    return spec.scale not in {"choice", "switch", "action"}


def share_of(spec: KnobSpec, value: float) -> float:
    """Where on the track a value stands, 0 to 1."""
    if _can_be_off(spec):
        if value < spec.low:
            return 0.0
        return OFF_SHARE + (1 - OFF_SHARE) * _share(spec, value)
    return _share(spec, value)


def value_at(spec: KnobSpec, share: float) -> float | int:
    """The value at a place on the track (0 to 1), rounded as someone would write it."""
    if _can_be_off(spec):
        if share < OFF_SHARE / 2:
            return 0
        share = (share - OFF_SHARE) / (1 - OFF_SHARE)
    share = min(max(share, 0.0), 1.0)
    if share in (0.0, 1.0):
        return fit(spec, spec.low if share == 0 else spec.high)
    if _is_log(spec):
        low, high = math.log10(spec.low), math.log10(spec.high)
        return fit(spec, float(f"{10 ** (low + share * (high - low)):.2g}"))
    value = spec.low + share * (spec.high - spec.low)
    return fit(spec, _on_steps(spec, value))


def turn(spec: KnobSpec, value: KnobValue, steps: int, *, coarse: bool = False) -> KnobValue:
    """The value some steps up (negative: down): numbers move within their bounds, choices go round, switches go on."""
    if spec.scale == "switch":
        return steps > 0
    if spec.scale == "choice":
        at = spec.choices.index(str(value)) if value in spec.choices else 0
        return spec.choices[(at + steps) % len(spec.choices)]
    return value if isinstance(value, str) else nudge(spec, value, steps, coarse=coarse)


def end(spec: KnobSpec, *, highest: bool) -> KnobValue:
    """The last value at one end: off or the lowest, or the highest; the first or last choice."""
    if spec.scale == "switch":
        return highest
    if spec.scale == "choice":
        return spec.choices[-1 if highest else 0]
    return value_at(spec, 1.0 if highest else 0.0)


def nudge(spec: KnobSpec, value: float, steps: int, *, coarse: bool = False) -> float | int:
    """The value some steps up (negative: down), within the bounds; below the lowest lies off, if the knob has it."""
    if _can_be_off(spec):
        if value < spec.low:
            return fit(spec, spec.low) if steps > 0 else 0
        if value <= spec.low and steps < 0:
            return 0
    if _is_log(spec):
        factor = float(COARSE) if coarse else (spec.step if spec.step > 1 else 1.1)
        moved = float(f"{value * factor**steps:.3g}")
    else:
        unit = _unit(spec) * (COARSE if coarse else 1)
        moved = _on_steps(spec, value + steps * unit)
    if spec.scale in {"integer", "log_integer"} and round(moved) == round(value):
        moved = value + math.copysign(1, steps)
    return fit(spec, moved)


def fit(spec: KnobSpec, value: float) -> float | int:
    """The nearest value the knob can hold."""
    value = min(max(value, spec.low), spec.high)
    return round(value) if spec.scale in {"integer", "log_integer"} else value


def parse(spec: KnobSpec, text: str) -> float | int:
    """A typed value. Raises ValueError, saying what is allowed, when the knob cannot hold it."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number; allowed: {allowed(spec)}") from None
    if _can_be_off(spec) and value == 0:
        return 0
    whole = spec.scale in {"integer", "log_integer"}
    if not (spec.low <= value <= spec.high) or (whole and value != int(value)):
        raise ValueError(f"{text} is not allowed; allowed: {allowed(spec)}")
    return int(value) if whole else value


def allowed(spec: KnobSpec) -> str:
    """What a knob can hold, in words."""
    if spec.scale == "choice":
        return ", ".join(spec.choices)
    if spec.scale == "switch":
        return "on, off"
    kind = "whole numbers " if spec.scale in {"integer", "log_integer"} else ""
    zero = ", or 0 (off)" if _can_be_off(spec) else ""
    return f"{kind}{exact(spec.low)} to {exact(spec.high)}{zero}"


def show(spec: KnobSpec, value: KnobValue) -> str:
    """A value in words, without its unit."""
    if spec.scale == "action":
        return DO
    if isinstance(value, bool):
        return "on" if value else OFF
    if isinstance(value, str):
        return value or NOTHING
    if _can_be_off(spec) and value == 0:
        return OFF
    return OFF if spec.scale == "integer" and value == spec.low == NO_INDEX else exact(value)


def _share(spec: KnobSpec, value: float) -> float:
    low, high = spec.low, spec.high
    if not high > low:
        return 0.0
    value = min(max(value, low), high)
    if _is_log(spec):
        return (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
    return (value - low) / (high - low)


def _on_steps(spec: KnobSpec, value: float) -> float:
    """The nearest multiple of the fine step, without the dust of binary fractions."""
    unit = _unit(spec)
    return round(round(value / unit) * unit, 12)


def _unit(spec: KnobSpec) -> float:
    if spec.scale == "integer":
        return float(max(1, round(spec.step)))
    return spec.step if spec.step > 0 else (spec.high - spec.low) / 100 or 1.0


def _is_log(spec: KnobSpec) -> bool:
    return spec.scale in {"log", "log_integer"} and spec.low > 0


def _can_be_off(spec: KnobSpec) -> bool:
    return spec.zero_ok and spec.low > 0
