"""Numbers in sentences."""

import math


def num(value: float) -> str:
    """Three significant digits: 0.0123, 1.23, 12,300, 1.2e-6, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    size = abs(value)
    if 1e-3 <= size < 1e6:
        digits = max(0, 2 - math.floor(math.log10(size)))
        text = f"{value:,.{digits}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def percent(share: float) -> str:
    """A share as a whole percentage; one decimal under ten per cent."""
    if not math.isfinite(share):
        return num(share)
    value = 100 * share
    return f"{value:.0f} %" if abs(value) >= 10 or value == round(value) else f"{value:.1f} %"


def times(ratio: float) -> str:
    """A factor: ×12, ×0.5."""
    return f"×{num(ratio)}"


def steps(count: int) -> str:
    """'1 step', '12 steps'."""
    return f"{count:,} step" + ("" if count == 1 else "s")
