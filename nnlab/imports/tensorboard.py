"""TensorBoard event files, read without TensorFlow.

A file is a sequence of records, each an `Event` message: `step` (field 2) and `summary` (5), whose values (1) have a
`tag` (1) and a number, as `simple_value` (2) or as a `tensor` (8) of one element. Everything else (histograms, images,
text, graphs) is passed over. A folder is read as all the event files in it; the folder's own name leads each tag, as
"validation/epoch_loss", where there are several.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nnlab.imports import protobuf
from nnlab.imports.metrics import LARGEST_STEP, Gathering, Metrics, MetricsError
from nnlab.imports.protobuf import ProtobufError
from nnlab.imports.tfrecord import CutRecord, DamagedRecord, Record, masked, records

MARK = "tfevents"
"""What the name of every event file contains."""

_CONTENT = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 19: "<f2"}
"""numpy's type for TensorFlow's number of it, of tensors given as raw bytes."""
_FLOATS, _DOUBLES, _INTS, _LONGS = 5, 6, 7, 10
"""Fields of a tensor that hold typed values."""


def is_event_file(head: bytes) -> bool:
    """Whether these first bytes begin a record file: a length with the right checksum."""
    return len(head) >= 12 and masked(head[:8]) == int.from_bytes(head[8:12], "little")


def event_files(folder: Path) -> list[Path]:
    """The event files below a folder, in order of name (which begins with their time)."""
    return sorted(path for path in folder.rglob(f"*{MARK}*") if path.is_file())


def read(path: Path) -> Metrics:
    """All scalars of an event file or of a folder of them. Raises MetricsError."""
    if path.is_file():
        return _read([(path, "")], path)
    files = event_files(path)
    if not files:
        raise MetricsError(f"{path}: the folder has no TensorBoard event files")
    several = len({file.parent for file in files}) > 1
    return _read([(file, _prefix(file, path) if several else "") for file in files], path)


def _prefix(file: Path, folder: Path) -> str:
    inside = file.parent.relative_to(folder).as_posix()
    return "" if inside == "." else f"{inside}/"


def _read(files: list[tuple[Path, str]], source: Path) -> Metrics:
    gathering, notes = Gathering(), []
    for file, prefix in files:
        try:
            blob = file.read_bytes()
        except OSError as error:
            raise MetricsError(f"cannot read {file}: {error.strerror or error}") from None
        try:
            for tag, step, value in _scalars(blob):
                gathering.add(prefix + tag, step, value)
        except CutRecord as error:
            notes.append(f"{file.name}: {error}; what stands before it is read")
        except (DamagedRecord, ProtobufError) as error:
            raise MetricsError(f"{file}: {error}") from None
    columns = gathering.columns()
    if not columns:
        cut = f" ({notes[0]})" if notes else ""
        raise MetricsError(f"{source}: the event file has no scalars{cut}")
    return Metrics(str(source), columns, "step", {}, (*notes, *gathering.notes()))


def _scalars(blob: bytes) -> Iterator[tuple[str, int, float]]:
    for record in records(blob):
        try:
            found = list(_event(record.data))
        except ProtobufError as error:
            record.verify()
            raise ProtobufError(f"the record at byte {record.offset} is not an event: {error}") from None
        if found:
            record.verify()
            yield from _checked(record, found)


def _checked(record: Record, found: list[tuple[str, int, float]]) -> Iterator[tuple[str, int, float]]:
    for tag, step, value in found:
        if not 0 <= step < LARGEST_STEP:
            raise ProtobufError(f"the record at byte {record.offset} has the step {step}")
        yield tag, step, value


def _event(data: bytes) -> Iterator[tuple[str, int, float]]:
    step, values = 0, []
    for number, content in protobuf.fields(data):
        if number == 2 and isinstance(content, int):
            step = protobuf.signed(content)
        elif number == 5 and isinstance(content, bytes):
            values += [value for field, value in protobuf.fields(content) if field == 1 and isinstance(value, bytes)]
    for value in values:
        tag, scalar = _value(value)
        if tag and scalar is not None:
            yield tag, step, scalar


def _value(data: bytes) -> tuple[str, float | None]:
    """Tag and number of a summary value; None where it holds something else."""
    tag, scalar = "", None
    for number, content in protobuf.fields(data):
        if not isinstance(content, bytes):
            continue
        if number == 1:
            tag = content.decode("utf-8", "replace")
        elif number == 2 and len(content) == 4:
            (scalar,) = protobuf.float32s(content)
        elif number == 8:
            scalar = _tensor(content)
    return tag, scalar


def _tensor(data: bytes) -> float | None:
    """The only element of a numeric tensor, None of any other."""
    kind, raw = 0, b""
    elements: list[float] = []
    for number, content in protobuf.fields(data):
        if number == 1 and isinstance(content, int):
            kind = content
        elif number == 4 and isinstance(content, bytes):
            raw = content
        elif number in (_INTS, _LONGS):
            elements += [protobuf.signed(content)] if isinstance(content, int) else protobuf.varints(content)
        elif isinstance(content, bytes) and number == _FLOATS:
            elements += protobuf.float32s(content)
        elif isinstance(content, bytes) and number == _DOUBLES:
            elements += protobuf.float64s(content)
        elif number == 2 and isinstance(content, bytes) and _size(content) != 1:
            return None
    if raw and kind in _CONTENT and len(raw) == np.dtype(_CONTENT[kind]).itemsize:
        return float(np.frombuffer(raw, _CONTENT[kind])[0])
    return float(elements[0]) if len(elements) == 1 else None


def _size(shape: bytes) -> int:
    """Elements of a tensor of this shape: a scalar has no dimensions."""
    size = 1
    for number, dimension in protobuf.fields(shape):
        if number == 2 and isinstance(dimension, bytes):
            size *= next((int(n) for field, n in protobuf.fields(dimension) if field == 1 and isinstance(n, int)), 0)
    return size
