"""Just enough of the protocol buffers' wire format to read messages without their definitions."""

import struct
from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
"""Wire types that are in use."""

_LONGEST_VARINT = 10


class ProtobufError(ValueError):
    """The bytes are not a message."""


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field: an unsigned integer for varints, the raw bytes for everything else.

    Raises ProtobufError.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == BYTES:
            length, at = _varint(data, at)
        elif kind in (FIXED64, FIXED32):
            length = 8 if kind == FIXED64 else 4
        else:
            raise ProtobufError(f"wire type {kind}")
        if at + length > len(data):
            raise ProtobufError("a field is longer than its message")
        yield number, data[at : at + length]
        at += length


def signed(value: int) -> int:
    """A varint as the int64 that it stands for."""
    return value - (1 << 64) if value >> 63 else value


def varints(data: bytes) -> list[int]:
    """The integers of a packed field. Raises ProtobufError."""
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(signed(value))
    return found


def float32s(data: bytes) -> list[float]:
    """The floats of a packed field (or the one of an unpacked one). Raises ProtobufError."""
    return _unpacked("f", 4, data)


def float64s(data: bytes) -> list[float]:
    """The doubles of a packed field (or the one of an unpacked one). Raises ProtobufError."""
    return _unpacked("d", 8, data)


def _unpacked(letter: str, size: int, data: bytes) -> list[float]:
    if len(data) % size:
        raise ProtobufError("a packed field is cut off")
    return list(struct.unpack(f"<{len(data) // size}{letter}", data))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(_LONGEST_VARINT):
        if at + index >= len(data):
            raise ProtobufError("a number is cut off")
        byte = data[at + index]
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at + index + 1
    raise ProtobufError("a number is too long")
