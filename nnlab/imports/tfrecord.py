"""TensorFlow's record files: length, checksum of the length, bytes, checksum of the bytes, one after the other.

The checksum is CRC-32C (Castagnoli), rotated and shifted so that records within records do not confuse it.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_HEAD = struct.Struct("<QI")
_FOOT = struct.Struct("<I")
_MASK = 0xA282EAD8


class DamagedRecord(ValueError):  # noqa: N818 (a state of the file)
    """A checksum does not hold; the message says where."""


class CutRecord(ValueError):  # noqa: N818 (a state of the file)
    """The file ends within a record."""


class Record(NamedTuple):
    """One record: where it begins, its bytes, and the checksum that the file has for them."""

    offset: int
    data: bytes
    checksum: int

    def verify(self) -> None:
        """Raises DamagedRecord if the bytes are not those that were written."""
        if masked(self.data) != self.checksum:
            raise DamagedRecord(f"the record at byte {self.offset} is damaged (its checksum does not hold)")


def records(blob: bytes) -> Iterator[Record]:
    """The records of a file; their lengths are checked, their bytes by `Record.verify`.

    Raises DamagedRecord, or CutRecord after the last whole record.
    """
    at = 0
    while at < len(blob):
        if at + _HEAD.size > len(blob):
            raise CutRecord(f"the file ends within a record, at byte {at}")
        length, checksum = _HEAD.unpack_from(blob, at)
        if masked(blob[at : at + 8]) != checksum:
            raise DamagedRecord(f"the record at byte {at} is damaged (its length does not match its checksum)")
        begin, end = at + _HEAD.size, at + _HEAD.size + length
        if end + _FOOT.size > len(blob):
            raise CutRecord(f"the file ends within a record, at byte {at}")
        yield Record(at, blob[begin:end], _FOOT.unpack_from(blob, end)[0])
        at = end + _FOOT.size


def masked(data: bytes) -> int:
    """The masked checksum as the file has it."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _MASK) & 0xFFFFFFFF


def crc32c(data: bytes) -> int:
    """CRC-32C of the bytes (RFC 3720, appendix B.4 has test vectors)."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _entry(index: int) -> int:
    for _ in range(8):
        index = (index >> 1) ^ (0x82F63B78 if index & 1 else 0)
    return index


_TABLE = tuple(map(_entry, range(256)))
