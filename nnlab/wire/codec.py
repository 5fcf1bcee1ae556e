"""Encoding of messages: a length-prefixed JSON head with binary attachments for arrays.

One packet is `total u32 | head u32 | head bytes (JSON) | attachments`, little-endian; `total` counts all that follows
it. Arrays stand in the head as `{"#": index}` and in the attachments as raw float64 or int64, so a frame of thousands
of points costs no text conversion and NaN and ±inf stay what they are. In the head itself they are written as JSON's
common extension (NaN, Infinity), which Python's json reads back exactly. Nothing is ever unpickled.
"""

import dataclasses
import json
import struct
import types
import typing
from array import array
from collections.abc import Iterator
from typing import Any

from nnlab.wire import commands, events, values

MAX_PACKET = 256 * 1024 * 1024
"""Bytes; a longer packet is taken for a broken peer."""

_PREFIX = struct.Struct("<II")
_TYPES: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (*typing.get_args(commands.Command), *typing.get_args(events.Event))
}


class WireError(ValueError):
    """The bytes are not a message of this protocol."""


def encode(message: commands.Command | events.Event) -> bytes:
    """One packet for one message."""
    attachments: list[array[Any]] = []
    head = json.dumps([type(message).__name__, _lower(message, attachments)], separators=(",", ":")).encode()
    sizes = json.dumps([[item.typecode, len(item)] for item in attachments], separators=(",", ":")).encode()
    head = sizes + b"\n" + head
    tail = b"".join(item.tobytes() for item in attachments)
    return _PREFIX.pack(4 + len(head) + len(tail), len(head)) + head + tail


def decode(packet: bytes) -> commands.Command | events.Event:
    """The message of one packet without its total-length prefix (as `split` yields them). Raises WireError."""
    try:
        (head_length,) = struct.unpack_from("<I", packet)
        sizes, _, head = packet[4 : 4 + head_length].partition(b"\n")
        attachments, offset = [], 4 + head_length
        for typecode, length in json.loads(sizes):
            if typecode not in ("q", "d"):
                raise WireError(f"unknown array type {typecode!r}")
            item: array[Any] = array(typecode)
            item.frombytes(packet[offset : offset + length * item.itemsize])
            if len(item) != length:
                raise WireError("an array is cut off")
            offset += length * item.itemsize
            attachments.append(item)
        name, fields = json.loads(head)
        return typing.cast("commands.Command | events.Event", _raise(_TYPES[name], fields, attachments))
    except WireError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, struct.error, RecursionError) as error:
        raise WireError(f"not a message of nnlab's protocol {commands.PROTOCOL}: {error}") from error


def split(buffer: bytearray) -> Iterator[bytes]:
    """Take every complete packet off the front of `buffer`, without its total-length prefix. Raises WireError."""
    while len(buffer) >= 4:
        (total,) = struct.unpack_from("<I", buffer)
        if total > MAX_PACKET:
            raise WireError(f"a packet of {total} bytes is longer than the limit of {MAX_PACKET}")
        if len(buffer) < 4 + total:
            return
        packet = bytes(buffer[4 : 4 + total])
        del buffer[: 4 + total]
        yield packet


def _lower(value: Any, attachments: "list[array[Any]]") -> Any:
    if isinstance(value, array):
        attachments.append(value)
        return {"#": len(attachments) - 1}
    if dataclasses.is_dataclass(value):
        return {field.name: _lower(getattr(value, field.name), attachments) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_lower(item, attachments) for item in value]
    return value


_HINTS = {
    kind: typing.get_type_hints(kind)
    for kind in (*_TYPES.values(), values.RunInfo, values.KnobSpec, values.SeriesSpec, values.LayerSpec)
}
"""Field types of every message, resolved once."""


def _raise(kind: Any, value: Any, attachments: "list[array[Any]]") -> Any:
    """Rebuild a value of the annotated type from what `_lower` made of it; a value of another type is refused."""
    if dataclasses.is_dataclass(kind):
        hints = _HINTS[typing.cast("type[Any]", kind)]
        return typing.cast(Any, kind)(**{name: _raise(hints[name], item, attachments) for name, item in value.items()})
    origin, arguments = typing.get_origin(kind) or kind, typing.get_args(kind)
    if origin is array:
        return attachments[value["#"]]
    if origin is tuple:
        if not isinstance(value, list):
            raise WireError(f"{value!r} is not {kind}")
        return tuple(_raise(arguments[0], item, attachments) for item in value)
    if origin is dict:
        return {str(name): _raise(arguments[1], item, attachments) for name, item in value.items()}
    if origin is typing.Literal:
        allowed = value in arguments
    else:
        allowed = _fits(value, arguments if origin in (typing.Union, types.UnionType) else (origin,))
    if not allowed:
        raise WireError(f"{value!r} is not {kind}")
    return value


def _fits(value: Any, kinds: tuple[Any, ...]) -> bool:
    """Whether a plain value is of one of these types; whole numbers pass for float, and must fit into 64 bits."""
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int):
        return (int in kinds or float in kinds) and -(2**63) <= value < 2**63
    return isinstance(value, kinds)
