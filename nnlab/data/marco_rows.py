"""Rows of MS MARCO (v1.1) and of files of its form: a query, its passages, and which of them were selected as answers.

In Parquet `passages` is a struct of lists; JSON lines may have that, or a list of objects.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnlab.data.errors import DataError
from nnlab.data.files import existing, no_column
from nnlab.data.parquet_file import parquet_rows

PARQUET = (".parquet", ".pq")
JSON = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
COLUMNS = ("query", "passages")
LISTS = ("is_selected", "passage_text")


@dataclass(frozen=True, slots=True)
class Row:
    """A query with its passages and, for each, whether it was selected."""

    query: str
    passages: tuple[str, ...]
    selected: tuple[bool, ...]


def read_rows(name: str, base_dir: Path) -> Iterator[Row]:
    """The rows of a file, in order. Raises DataError naming file, row or line, and column."""
    path = existing(name, base_dir, (*PARQUET, *JSON))
    if path.suffix.lower() in PARQUET:
        records = enumerate(parquet_rows(path, COLUMNS), 1)
        return (_row(f"{path.name}, row {number}", record) for number, record in records)
    return (_row(where, record) for where, record in _json_lines(path))


def _json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Where each line stands, and what it says; blank lines are left out."""
    where = path.name
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as file:
            for number, line in enumerate(file, 1):
                where = f"{path.name}, line {number}"
                if line.strip():
                    yield where, json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "no UTF-8 text"
        raise DataError(f"{where} is not JSON ({reason}); each line holds one object") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} cannot be read to its end: {error}") from None


def _row(where: str, record: Any) -> Row:
    if not isinstance(record, Mapping):
        raise DataError(f"{where} holds {_kind(record)}, not an object with query and passages")
    for name in COLUMNS:
        if name not in record:
            raise no_column(where, name, [str(key) for key in record])
    query = record["query"]
    if not isinstance(query, str):
        raise DataError(f"{where}, column 'query': must be text, but is {_kind(query)}")
    chosen, texts = _lists(f"{where}, column 'passages", record["passages"])
    if len(chosen) != len(texts):
        raise DataError(f"{where}, column 'passages': {len(texts)} passage_text, but {len(chosen)} is_selected")
    for text in texts:
        if not isinstance(text, str):
            raise DataError(f"{where}, column 'passages.passage_text': must hold texts, but has {_kind(text)}")
    for flag in chosen:
        if flag not in (0, 1):
            raise DataError(f"{where}, column 'passages.is_selected': must hold 0 and 1, but has {_kind(flag)}")
    return Row(query, tuple(texts), tuple(map(bool, chosen)))


def _lists(where: str, passages: Any) -> tuple[list[Any], list[Any]]:
    """The two lists, from an object of lists or a list of objects; `where` ends within a quoted column name."""
    if isinstance(passages, list):
        passages = {name: [_field(where, passage, name) for passage in passages] for name in LISTS}
    found = [_field(where, passages, name) for name in LISTS]
    for name, values in zip(LISTS, found, strict=True):
        if not isinstance(values, list):
            raise DataError(f"{where}.{name}': must be a list, one entry for each passage, but is {_kind(values)}")
    return found[0], found[1]


def _field(where: str, record: Any, name: str) -> Any:
    if not isinstance(record, Mapping):
        raise DataError(f"{where}': must hold is_selected and passage_text, but is {_kind(record)}")
    if name not in record:
        raise no_column(f"{where}'", name, [str(key) for key in record])
    return record[name]


def _kind(value: object) -> str:
    """A value in an error message."""
    match value:
        case None:
            return "missing"
        case str():
            return f"text ('{value[:30]}{'…' if len(value) > 30 else ''}')"
        case list():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return str(value)[:40]
