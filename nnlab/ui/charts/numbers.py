"""Numbers in few characters."""

import math

from nnlab.ui.format import true_minus


def compact(value: float, digits: int = 3) -> str:
    """A number in at most about six characters: 0.123, 1.2k, 3e-4, 12M, NaN, ∞."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-3 or size >= 1e9:
        mantissa, _, exponent = f"{value:.{max(digits - 2, 0)}e}".partition("e")
        return true_minus(f"{_trim(mantissa)}e{int(exponent)}")
    for limit, divisor, suffix in ((1e3, 1.0, ""), (1e6, 1e3, "k"), (1e9, 1e6, "M")):
        scaled = _round(value / divisor, digits)
        if abs(scaled) * divisor < limit:
            return true_minus(_plain(scaled)) + suffix
    return true_minus(f"{value:.0e}".replace("e+0", "e").replace("e+", "e"))


def exact(value: float) -> str:
    """A number as someone would type it: up to six significant digits, no trailing zeros."""
    text = f"{value:.6g}"
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if mark else text


def _round(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def _plain(value: float) -> str:
    decimals = max(0, 6 - len(str(int(abs(value)))))
    return _trim(f"{value:.{decimals}f}")


def _trim(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def steady(value: float) -> str:
    """A number that keeps its width while it changes, at most six characters and a sign: 0.120, 12.0, 1.20k, 3.1e-4."""
    size = abs(value)
    if not math.isfinite(value) or size == 0:
        return compact(value)
    if size < 9.995e-3 or size >= 9.995e8:
        mantissa, _, exponent = f"{value:.1e}".partition("e")
        return true_minus(f"{mantissa}e{int(exponent)}")
    for limit, divisor, suffix in ((999.5, 1.0, ""), (999.5e3, 1e3, "k"), (math.inf, 1e6, "M")):
        if size < limit:
            scaled = abs(value / divisor)
            decimals = 3 if scaled < 0.9995 else 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            return true_minus(f"{value / divisor:.{decimals}f}{suffix}")
    return compact(value)
