"""Metrics as JSON: one object per line (W&B history, Hugging Face logs), a list of objects, or a table of columns.

A Hugging Face `trainer_state.json` is read through its `log_history`. Objects within objects are flattened with "/":
{"train": {"loss": 1}} is "train/loss". A last line that was cut off is passed over with a note.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nnlab.imports.metrics import Metrics, MetricsError
from nnlab.imports.records import Row, collect

DEPTH = 8
"""Objects within objects beyond this depth are not metrics."""


def read(path: Path, text: str, steps_column: str | None = None) -> Metrics:
    """The columns of the file. Raises MetricsError."""
    rows, notes = _rows(path, text)
    if not rows:
        raise MetricsError(f"{path}: the file is empty" if not text.strip() else f"{path}: the file has no rows")
    found = collect(rows, str(path), steps_column)
    return replace(found, notes=(*notes, *found.notes))


def of_records(records: list[Mapping[str, object]], source: str, steps_column: str | None = None) -> Metrics:
    """The columns of rows that are in memory."""
    return collect([Row(index, _flat(record)) for index, record in enumerate(records, 1)], source, steps_column)


def _rows(path: Path, text: str) -> tuple[list[Row], tuple[str, ...]]:
    whole = _whole(text)
    if whole is not None:
        return _rows_of(path, whole), ()
    rows: list[Row] = []
    lines = text.splitlines()
    last = max((index for index, line in enumerate(lines, 1) if line.strip()), default=0)
    for index, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            if index == last and rows and not text.endswith("\n"):
                return rows, (f"line {index} is cut off and passed over",)
            raise MetricsError(f"{path}:{index}: not JSON: {_reason(error)}") from None
        if not isinstance(record, dict):
            raise MetricsError(f"{path}:{index}: expected an object with names and numbers")
        rows.append(Row(index, _flat(record)))
    return rows, ()


def _whole(text: str) -> Any:
    """The file as one JSON value, None if it is lines."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _rows_of(path: Path, value: Any) -> list[Row]:
    if isinstance(value, dict) and isinstance(value.get("log_history"), list):
        value = value["log_history"]
    if isinstance(value, dict):
        value = _transposed(value)
    if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
        raise MetricsError(f"{path}: expected a list of objects with names and numbers")
    return [Row(index, _flat(record)) for index, record in enumerate(value, 1)]


def _transposed(table: dict[str, Any]) -> list[dict[str, Any]]:
    """A table of columns {"loss": [..], ..} as rows; anything else is one row."""
    columns = {name: values for name, values in table.items() if isinstance(values, list)}
    if not columns or len(columns) < len(table):
        return [table]
    length = max(len(values) for values in columns.values())
    return [{name: values[i] for name, values in columns.items() if i < len(values)} for i in range(length)]


def _flat(record: Mapping[str, object], depth: int = DEPTH) -> dict[str, object]:
    return dict(_pairs(record, "", depth))


def _pairs(record: Mapping[str, object], prefix: str, depth: int) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if not isinstance(value, Mapping):
            yield f"{prefix}{name}", value
        elif depth and "_type" not in value:  # W&B marks histograms, images and tables by _type
            yield from _pairs(value, f"{prefix}{name}/", depth - 1)


def _reason(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
