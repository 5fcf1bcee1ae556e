"""Typed commands: what is meant, and what is said of what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.errors import UserError
from nnlab.plain.orders import HELP, Order, knob_value, parse
from nnlab.wire.values import KnobSpec

KNOBS = (
    KnobSpec("lr", "learning rate", 0.1, "log", low=1e-6, high=10.0, zero_ok=True),
    KnobSpec("batch_size", "batch size", 32, "log_integer", low=1, high=4096),
    KnobSpec("optimizer", "optimizer", "adam", "choice", choices=("sgd", "adam")),
    KnobSpec("freeze", "frozen layers", "", "choice", choices=("", "0")),
    KnobSpec("reset_moments", "moments", False, "action"),
    KnobSpec("fault.flip_gradient", "flip gradient", False, "switch"),
)


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("", None),
        ("  pause ", Order("pause")),
        ("GO", Order("go")),
        ("step", Order("step")),
        ("step 25", Order("step", ("25",))),
        ("set lr 1e-3", Order("set", ("lr", "1e-3"))),
        ("set lr=1e-3", Order("set", ("lr", "1e-3"))),
        ("q", Order("quit")),
    ],
)
def test_what_is_typed(line: str, order: Order | None) -> None:
    assert parse(line) == order


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("paus", "did you mean pause"),
        ("set lr", "set takes KNOB VALUE"),
        ("rewind", "rewind takes STEP"),
        ("step many", "whole number"),
        ("pause now", "nothing more"),
        ("xyzzy", "help lists the commands"),
    ],
)
def test_what_cannot_be_done_is_told(line: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        parse(line)


@given(st.text(max_size=30))
def test_any_line_is_a_command_or_an_error(line: str) -> None:
    try:
        order = parse(line)
    except UserError:
        return
    assert order is None or order.name in HELP


@pytest.mark.parametrize(
    ("knob", "text", "value"),
    [
        ("lr", "1e-3", ("lr", 1e-3)),
        ("lr", "off", ("lr", 0.0)),
        ("batch_size", "64", ("batch_size", 64)),
        ("optimizer", "sgd", ("optimizer", "sgd")),
        ("freeze", "none", ("freeze", "")),
        ("reset_moments", "do", ("reset_moments", True)),
        ("flip_gradient", "on", ("fault.flip_gradient", True)),
    ],
)
def test_values(knob: str, text: str, value: tuple[str, object]) -> None:
    assert knob_value(KNOBS, knob, text) == value


@pytest.mark.parametrize(
    ("knob", "text", "said"),
    [
        ("lrr", "1", "did you mean lr"),
        ("lr", "fast", "a number from 1e-06 to 10, or 0"),
        ("optimizer", "sdg", "did you mean sgd"),
        ("fault.flip_gradient", "maybe", "on or off"),
    ],
)
def test_what_a_knob_takes_is_told(knob: str, text: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        knob_value(KNOBS, knob, text)
