"""The encoding of messages: what goes in comes out, and broken bytes are refused in one way only."""

import contextlib
import dataclasses
import json
import math
import struct
import typing
from array import array
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nnlab.wire import codec, commands, events, values
from nnlab.wire.codec import WireError, decode, encode, split

INT64 = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
KNOB = st.one_of(st.booleans(), INT64, st.floats(), TEXT)
FLOATS = st.lists(st.floats(), max_size=20).map(lambda found: array("d", found))
INTS = st.lists(INT64, max_size=20).map(lambda found: array("q", found))
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    int: INT64, float: st.floats(), str: TEXT, bool: st.booleans(), values.KnobValue: KNOB,
    int | None: st.one_of(st.none(), INT64), dict[str, str]: st.dictionaries(TEXT, TEXT, max_size=3),
    dict[str, float | str | bool]: st.dictionaries(TEXT, st.one_of(st.floats(), TEXT, st.booleans()), max_size=4),
}  # fmt: skip
MESSAGES = (*typing.get_args(commands.Command), *typing.get_args(events.Event))


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Values of an annotated type."""
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{field.name: anything(hints[field.name]) for field in dataclasses.fields(kind)})
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    inner, _ = typing.get_args(kind)
    if inner is array:
        return st.lists(FLOATS, max_size=3).map(tuple)
    return st.lists(anything(inner), max_size=3).map(tuple)


def same(a: Any, b: Any) -> bool:
    """Equality that takes NaN for equal and True for different from 1."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    if type(a) is not type(b):
        return False
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, field.name), getattr(b, field.name)) for field in dataclasses.fields(a))
    if isinstance(a, array):
        return a.tobytes() == b.tobytes() and a.typecode == b.typecode
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return bool(a == b)


def body(message: Any) -> bytes:
    """A packet without its total length."""
    return encode(message)[4:]


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_message_comes_back_as_it_was(kind: Any, data: st.DataObject) -> None:
    message = data.draw(anything(kind))
    assert same(decode(body(message)), message)


@given(steps=INTS, measured=FLOATS)
def test_frames_carry_every_bit_of_a_number(steps: "array[int]", measured: "array[float]") -> None:
    frame = events.Frame(3, ("train/loss", "µ"), (steps, steps), (measured, measured), math.nan, math.inf, 2)
    assert same(decode(body(frame)), frame)


def test_a_huge_frame() -> None:
    steps, measured = array("q", range(1_000_000)), array("d", [-math.inf]) * 1_000_000
    frame = events.Frame(1_000_000, ("train/loss",), (steps,), (measured,))
    assert same(decode(body(frame)), frame)


@settings(max_examples=30, deadline=None)
@given(st.lists(anything(commands.Turn), max_size=5), st.data())
def test_packets_are_split_wherever_the_bytes_are_cut(turns: list[commands.Turn], data: st.DataObject) -> None:
    stream = b"".join(map(encode, turns))
    buffer, found = bytearray(), []
    while stream:
        cut = data.draw(st.integers(1, len(stream)))
        buffer += stream[:cut]
        stream = stream[cut:]
        found += [decode(packet) for packet in split(buffer)]
    assert len(found) == len(turns)
    assert all(map(same, found, turns))
    assert not buffer


@given(st.binary(max_size=200))
def test_garbage_is_no_message(packet: bytes) -> None:
    with pytest.raises(WireError):
        decode(packet)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damage_is_found_or_harmless(data: st.DataObject) -> None:
    frame = events.Frame(7, ("train/loss", "lr"), (array("q", [5, 6]),) * 2, (array("d", [0.5, math.nan]),) * 2)
    packet = bytearray(body(data.draw(st.sampled_from([frame, commands.Turn("lr", 0.1), commands.Run(3)]))))
    place = data.draw(st.integers(0, len(packet) - 1))
    if data.draw(st.booleans()):
        del packet[place:]
    else:
        packet[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        assert isinstance(decode(bytes(packet)), MESSAGES)


def packed(head: str) -> bytes:
    """A packet without attachments and without its total length."""
    whole = b"[]\n" + head.encode()
    return struct.pack("<I", len(whole)) + whole


@pytest.mark.parametrize(
    "head",
    [
        '["Nobody", {}]', '["Hello", []]', '["Hello", {"client": 3}]', '["Hello", {"who": "me"}]', '[["Hello"], {}]',
        '["Run", {"steps": 1.5}]', '["Run", {"steps": true}]', '["Run", {"steps": 9223372036854775808}]', '["Run", {}]',
        '["Turn", {"knob": "lr", "value": null}]', '["Turn", {"knob": "lr", "value": [1]}]', "null", "[1, 2, 3]",
        '["StateChanged", {"step": 1, "state": "asleep"}]', '["Pace", {"steps_per_second": "fast"}]', "[" * 100_000,
        '["Frame", {"step": 1, "series": "ab", "steps": [], "values": []}]', '["Remark", {"kind": "note"}]',
        '["Frame", {"step": 1, "series": ["a"], "steps": [{"#": 0}], "values": [{"#": 0}]}]', "[NaN]",
    ],
)  # fmt: skip
def test_wrong_heads_are_refused(head: str) -> None:
    with pytest.raises(WireError):
        decode(packed(head))


def test_a_packet_longer_than_the_limit_is_refused_before_it_arrives() -> None:
    with pytest.raises(WireError, match="longer than the limit"):
        list(split(bytearray(struct.pack("<I", codec.MAX_PACKET + 1))))


def test_the_head_is_json_that_other_languages_know() -> None:
    (length,) = struct.unpack_from("<I", body(commands.Turn("lr", 0.1, 4)))
    head = body(commands.Turn("lr", 0.1, 4))[4 : 4 + length].split(b"\n")[1]
    assert json.loads(head) == ["Turn", {"knob": "lr", "value": 0.1, "id": 4, "source": "user"}]
