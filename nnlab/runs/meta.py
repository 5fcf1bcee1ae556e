"""`RunInfo` as rows of the `meta` table and back."""

import dataclasses
import json
from typing import Any

from nnlab.wire.values import KnobSpec, LayerSpec, RunInfo, SeriesSpec

_TABLES: dict[str, type[Any]] = {"knobs": KnobSpec, "series": SeriesSpec, "layers": LayerSpec}
"""Fields that hold a tuple of values of one type."""


def to_rows(info: RunInfo) -> dict[str, str]:
    """One text per field: text and numbers as they are, everything else as JSON (with NaN and Infinity)."""
    fields = dataclasses.asdict(info)
    return {
        key: value if isinstance(value, str) else str(value) if isinstance(value, int) else json.dumps(value)
        for key, value in fields.items()
    }


def from_rows(rows: dict[str, str]) -> RunInfo:
    """The value of these rows; unknown rows are passed over. Raises ValueError, TypeError or KeyError if damaged."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(RunInfo):
        if field.name not in rows:
            continue
        text = rows[field.name]
        if field.name in _TABLES:
            found[field.name] = tuple(_build(_TABLES[field.name], item) for item in json.loads(text))
        elif field.type in (int, "int"):
            found[field.name] = int(text)
        elif field.type in (str, "str"):
            found[field.name] = text
        else:
            found[field.name] = json.loads(text)
    return RunInfo(**found)


def _build(kind: type[Any], item: dict[str, Any]) -> Any:
    known = {field.name for field in dataclasses.fields(kind)}
    return kind(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in item.items() if key in known}
    )
