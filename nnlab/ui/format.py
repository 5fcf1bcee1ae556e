"""How the lab writes numbers: the one place where a value becomes text."""

import math
import re

from nnlab.wire.values import KnobValue

_NEGATIVE = re.compile(r"(?<![\w.])-(?=[\d.∞])")
"""A hyphen that is a sign: not that of an exponent (2e-5), of a range (3-4) or within a name."""


def number(value: float, digits: int = 4) -> str:
    """A measured value in at most about `digits` significant digits: 0.6931, 12.3, 45,200, 1.2e-5, NaN, ∞."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e7 or size < 1e-3:
        mantissa, _, exponent = f"{value:.{max(digits - 2, 0)}e}".partition("e")
        return true_minus(f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}")
    if size >= 10 ** (digits - 1):
        return true_minus(f"{value:,.0f}")
    decimals = digits - 1 - math.floor(math.log10(size))
    text = f"{value:.{decimals}f}"
    return true_minus(text.rstrip("0").rstrip(".") if "." in text else text)


def true_minus(text: str) -> str:
    """A true minus sign before each negative number, which is as wide as a digit and cannot be taken for a dash."""
    return _NEGATIVE.sub("−", text)


def knob(value: KnobValue, unit: str = "") -> str:
    """What a knob holds: on, off, a choice, or a number with its unit."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value or "none"
    text = f"{value:,}" if isinstance(value, int) else true_minus(f"{value:.6g}".replace("e-0", "e-"))
    return f"{text} {unit}" if unit else text


def count(value: int) -> str:
    """A whole number with its thousands apart: 12,400."""
    return f"{value:,}"


def short(value: float) -> str:
    """A large count in four characters or so: 950, 1.2k, 34k, 1.5M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            scaled = value / limit
            return f"{scaled:.1f}{unit}" if scaled < 10 else f"{scaled:.0f}{unit}"
    return f"{value:.0f}"


def rate(steps_per_second: float) -> str:
    """Training speed: 1.2k steps/s; with a decimal where a step takes long."""
    text = f"{steps_per_second:.1f}" if 0 < steps_per_second < 10 else short(steps_per_second)
    return f"{text} steps/s"


def duration(seconds: float) -> str:
    """Elapsed time: 0:07, 12:34, 1:02:03."""
    minutes, rest = divmod(int(max(seconds, 0.0)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def percent(share: float) -> str:
    """A share between 0 and 1: 38 %, 0.4 %."""
    if math.isnan(share):
        return "NaN"
    scaled = 100.0 * share
    return f"{scaled:.1f} %" if 0 < abs(scaled) < 1 else f"{scaled:.0f} %"


def plural(amount: int, noun: str) -> str:
    """1 frame, 3 frames."""
    return f"{count(amount)} {noun}" if amount == 1 else f"{count(amount)} {noun}s"
