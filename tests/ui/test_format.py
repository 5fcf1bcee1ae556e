"""How numbers are written."""

import math

import pytest

from nnlab.ui import format as write


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.6931, "0.6931"),
        (12.3, "12.3"),
        (-0.2393, "−0.2393"),
        (45_200.0, "45,200"),
        (1.2e-5, "1.2e-5"),
        (3.4e9, "3.4e9"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (0.99999, "1"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert write.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(True, "on"), (False, "off"), ("adam", "adam"), (32, "32"), (0.0003, "0.0003"), (1e-5, "1e-5")]
)
def test_knob(value: float | str | bool, text: str) -> None:
    assert write.knob(value) == text


def test_duration_counts_hours_only_when_there_are_some() -> None:
    assert [write.duration(seconds) for seconds in (7.9, 754, 3723)] == ["0:07", "12:34", "1:02:03"]


def test_rates_get_shorter_as_they_get_larger() -> None:
    assert [write.rate(speed) for speed in (2.5, 950, 1240, 34_000)] == [
        "2.5 steps/s",
        "950 steps/s",
        "1.2k steps/s",
        "34k steps/s",
    ]


def test_percent_and_plural() -> None:
    assert (write.percent(0.38), write.percent(0.004), write.percent(math.nan)) == ("38 %", "0.4 %", "NaN")
    assert (write.plural(1, "step"), write.plural(2000, "step")) == ("1 step", "2,000 steps")
