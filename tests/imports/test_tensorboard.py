"""Event files, against bytes that an independent writer makes: its own checksum, its own encoding of messages."""

import math
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.errors import UserError
from nnlab.imports import tensorboard
from nnlab.imports.metrics import MetricsError
from nnlab.imports.tfrecord import crc32c


def slow_crc(data: bytes) -> int:
    """CRC-32C bit by bit, by polynomial division."""
    register = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            feedback = (register ^ (byte >> bit)) & 1
            register = (register >> 1) ^ (0x82F63B78 * feedback)
    return register ^ 0xFFFFFFFF


def checksum(data: bytes) -> bytes:
    crc = slow_crc(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) % 2**32)


def record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + checksum(length) + data + checksum(data)


def varint(value: int) -> bytes:
    value %= 2**64
    out = b""
    while value > 127:
        out += bytes([value % 128 + 128])
        value //= 128
    return out + bytes([value])


def field(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return varint(number * 8) + varint(content)
    return varint(number * 8 + 2) + varint(len(content)) + content


def float_field(number: int, value: float) -> bytes:
    return varint(number * 8 + 5) + struct.pack("<f", value)


def event(step: int, *values: bytes) -> bytes:
    clock = varint(1 * 8 + 1) + struct.pack("<d", 1.7e9)
    return record(clock + field(2, step) + field(5, b"".join(field(1, value) for value in values)))


def simple(tag: str, value: float) -> bytes:
    return field(1, tag.encode()) + float_field(2, value)


def tensor(tag: str, content: bytes) -> bytes:
    metadata = field(9, field(1, field(1, b"scalars")))
    return field(1, tag.encode()) + metadata + field(8, content)


HEAD = record(varint(1 * 8 + 1) + struct.pack("<d", 1.7e9) + field(3, b"brain.Event:2"))
SCALAR, DOUBLE, FLOAT = field(2, b""), field(1, 2), field(1, 1)


def write(path: Path, *parts: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)
def test_checksum_against_published_vectors(data: bytes, known: int) -> None:
    assert crc32c(data) == slow_crc(data) == known


def test_scalars_of_every_encoding(tmp_path: Path) -> None:
    path = write(
        tmp_path / "events.out.tfevents.1.host", HEAD,
        event(0, simple("loss", 2.5), simple("acc", 0.25)),
        event(7, tensor("loss", FLOAT + SCALAR + float_field(5, 1.5))),
        event(300, tensor("loss", FLOAT + SCALAR + field(4, struct.pack("<f", 0.5)))),
        event(301, tensor("loss", FLOAT + SCALAR + field(5, struct.pack("<f", 0.25)))),
        event(302, tensor("loss", DOUBLE + SCALAR + field(4, struct.pack("<d", 0.125)))),
        event(303, tensor("loss", field(1, 9) + SCALAR + field(10, varint(-3)))),
        event(304, simple("loss", math.nan)),
        event(305, simple("loss", math.inf)),
    )  # fmt: skip
    columns = tensorboard.read(path).columns
    steps, values = columns["loss"]
    assert steps.tolist() == [0, 7, 300, 301, 302, 303, 304, 305]
    assert values[:6].tolist() == [2.5, 1.5, 0.5, 0.25, 0.125, -3.0]
    assert math.isnan(values[6])
    assert values[7] == math.inf
    assert columns["acc"].values.tolist() == [0.25]


def test_everything_else_is_passed_over(tmp_path: Path) -> None:
    vector = field(2, field(2, field(1, 3)))
    path = write(
        tmp_path / "events.out.tfevents.1", HEAD, record(field(4, b"graph")),
        event(1, tensor("image", FLOAT + vector + field(5, struct.pack("<3f", 1, 2, 3)))),
        event(1, field(1, b"histogram") + field(5, b"\x09" + bytes(8))),
        event(1, tensor("text", field(1, 7) + SCALAR + field(8, b"hello"))),
        event(2, simple("loss", 1.0)),
    )  # fmt: skip
    assert list(tensorboard.read(path).columns) == ["loss"]


def test_a_file_that_is_being_written_ends_within_a_record(tmp_path: Path) -> None:
    whole = [HEAD, *(event(step, simple("loss", 1.0)) for step in range(5))]
    for cut in (1, 4, 11, 13, 30):
        path = write(tmp_path / "events.out.tfevents.1", b"".join(whole)[:-cut])
        metrics = tensorboard.read(path)
        assert metrics.columns["loss"].steps.tolist() == [0, 1, 2, 3]
        assert "ends within a record" in metrics.notes[0]
    with pytest.raises(MetricsError, match=r"has no scalars .*ends within a record"):
        tensorboard.read(write(path, HEAD, whole[1][:-3]))


def test_damage_is_told_with_its_place(tmp_path: Path) -> None:
    good = b"".join((HEAD, event(1, simple("loss", 1.0)), event(2, simple("loss", 2.0))))
    at = good.rindex(struct.pack("<f", 2.0))
    broken = good[:at] + struct.pack("<f", 3.0) + good[at + 4 :]
    with pytest.raises(MetricsError, match="checksum does not hold"):
        tensorboard.read(write(tmp_path / "a.tfevents", broken))
    with pytest.raises(MetricsError, match="length does not match"):
        tensorboard.read(write(tmp_path / "a.tfevents", HEAD, b"\x05" + event(1, simple("loss", 1.0))[1:]))
    with pytest.raises(MetricsError, match="has the step -1"):
        tensorboard.read(write(tmp_path / "a.tfevents", HEAD, event(-1, simple("loss", 1.0))))
    with pytest.raises(MetricsError, match="is not an event"):
        tensorboard.read(write(tmp_path / "a.tfevents", HEAD, record(b"\xff\xff\xff")))


def test_a_folder_with_the_runs_of_keras(tmp_path: Path) -> None:
    for step, part in enumerate(("train", "validation")):
        write(tmp_path / part / "events.out.tfevents.1.v2", HEAD, event(step, simple("epoch_loss", 1.0)))
    assert set(tensorboard.read(tmp_path).columns) == {"train/epoch_loss", "validation/epoch_loss"}


def test_a_resumed_run_in_two_files_of_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "events.out.tfevents.1", HEAD, *(event(step, simple("loss", 9.0)) for step in range(5)))
    write(tmp_path / "events.out.tfevents.2", HEAD, *(event(step, simple("loss", 1.0)) for step in range(3, 6)))
    assert tensorboard.read(tmp_path).columns["loss"].values.tolist() == [9.0, 9.0, 9.0, 1.0, 1.0, 1.0]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 200), st.binary(max_size=3))
def test_any_bytes_are_read_or_refused_with_a_message(
    tmp_path_factory: pytest.TempPathFactory, tail: bytes, at: int, junk: bytes
) -> None:
    good = HEAD + event(1, simple("loss", 1.0)) + event(2, tensor("loss", FLOAT + SCALAR + float_field(5, 1.5)))
    path = tmp_path_factory.mktemp("any") / "a.tfevents"
    for blob in (good[:at] + junk + good[at + len(junk) :], HEAD + record(tail), HEAD + event(3, tail)):
        path.write_bytes(blob)
        try:
            tensorboard.read(path)
        except UserError as error:
            assert str(error)
