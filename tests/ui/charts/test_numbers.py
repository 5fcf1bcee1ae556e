"""Numbers in few characters."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.ui.charts.numbers import compact, exact, steady


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.123456, "0.123"), (999.9, "1k"), (1234, "1.23k"), (20_000, "20k"), (999_999, "1M"), (1e30, "1e30"),
     (3.14e-4, "3.1e-4"), (0, "0"), (-0.5, "−0.5"), (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞")],
)  # fmt: skip
def test_compact(value: float, text: str) -> None:
    assert compact(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_steady_fits_its_field_and_is_close(value: float) -> None:
    text = steady(value).replace("−", "-")
    assert len(text.lstrip("-")) <= (6 if 1e-9 <= abs(value) < 1e9 or not value else 8)
    scale = {"k": 1e3, "M": 1e6}.get(text[-1], 1.0)
    read = float(text.rstrip("kM")) * scale
    assert math.isclose(read, value, rel_tol=0.06, abs_tol=1e-300) or math.isinf(read)


def test_steady_keeps_its_width() -> None:
    assert {len(steady(0.1 + k / 1000)) for k in range(800)} == {5}


def test_exact_is_what_one_would_type() -> None:
    assert [exact(v) for v in (0.001, 1e-6, 64, 0.1 + 0.2, 2.5e9)] == ["0.001", "1e-6", "64", "0.3", "2.5e9"]
