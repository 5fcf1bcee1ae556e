"""Knobs: each scenario has those of its parts, with bounds that hold its own value."""

from dataclasses import fields
from pathlib import Path

import pytest

from nnlab.scenario.knob_table import KNOBS
from nnlab.scenario.knobs import Knob, accept, knobs, why_not
from nnlab.scenario.load import load_text
from nnlab.scenario.scenario import Scenario
from nnlab.wire.values import KnobSpec


def scenario(data: str = "blobs", model: str = "mlp", objective: str = "cross_entropy", *more: str) -> Scenario:
    text = f"[data]\nkind = '{data}'\n[model]\nkind = '{model}'\n[objective]\nkind = '{objective}'\n"
    return load_text(text, "x", Path("/nowhere"), more).scenario


def by_id(of: Scenario) -> dict[str, Knob]:
    return {knob.id: knob for knob in knobs(of)}


def test_knobs_follow_the_parts() -> None:
    plain = set(by_id(scenario()))
    towers = set(by_id(scenario("triplets", "two-tower", "triplet")))
    stream = set(by_id(scenario("stream")))
    assert {"lr", "dropout", "label_smoothing", "label_noise", "shuffle", "freeze", "fault.detach_layer"} <= plain
    assert not {"momentum", "margin", "temperature", "negatives", "drift", "replay"} & plain
    assert {"margin", "negatives", "false_negative_rate", "dropout"} <= towers
    assert not {"label_noise", "input_scale", "freeze", "temperature", "label_smoothing"} & towers
    assert {"drift", "replay"} <= stream
    assert not {"shuffle", "fault.leak_validation"} & stream
    assert "momentum" in by_id(scenario("blobs", "mlp", "cross_entropy", "optimizer=sgd"))


def test_each_knob_documents_itself_and_why_it_is_missing() -> None:
    for kind in KNOBS:
        assert kind.label
        assert kind.help.endswith((".", "off.")), kind.id
        assert kind.id in by_id(scenario()) or why_not(kind.id, scenario())


def test_the_fields_are_those_that_travel() -> None:
    assert {field.name for field in fields(KnobSpec)} == {field.name for field in fields(Knob)} - {"key"}


def test_bounds_widen_to_the_value_and_to_the_files_wish() -> None:
    high = by_id(scenario("blobs", "mlp", "cross_entropy", "lr=500.0", "knobs.dropout.max=0.5"))
    assert high["lr"].high == 500
    assert high["dropout"].high == 0.5
    assert by_id(scenario("blobs", "mlp", "cross_entropy", "lr=0.0"))["lr"].low == 1e-7


@pytest.mark.parametrize(
    ("knob", "value", "held"),
    [
        ("lr", 1, 1.0),
        ("lr", 0, 0.0),
        ("batch_size", 64.0, 64),
        ("shuffle", False, False),
        ("optimizer", "sgd", "sgd"),
        ("freeze", "2, 0", "0,2"),
        ("freeze", "", ""),
        ("freeze", 1, "1"),
        ("fault.detach_layer", -1, -1),
    ],
)
def test_values_that_a_knob_takes(knob: str, value: bool | float | str, held: bool | float | str) -> None:
    got = accept(by_id(scenario())[knob], value)
    assert got == held
    assert type(got) is type(held)


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("lr", -1),
        ("lr", 1e-9),
        ("lr", True),
        ("lr", "0.1"),
        ("lr", float("nan")),
        ("lr", float("inf")),
        ("lr", 10**400),
        ("batch_size", 0),
        ("batch_size", 1.5),
        ("shuffle", 1),
        ("optimizer", "sdg"),
        ("freeze", "3"),
        ("freeze", "a"),
        ("freeze", "0,,1"),
        ("freeze", True),
        ("fault.detach_layer", 3),
    ],
)
def test_values_that_a_knob_refuses(knob: str, value: bool | float | str) -> None:
    with pytest.raises(ValueError, match="must be"):
        accept(by_id(scenario())[knob], value)
