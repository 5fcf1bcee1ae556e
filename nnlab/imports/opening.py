"""Which kind of file it is, by its content rather than by its name alone, and its columns."""

from pathlib import Path

from nnlab.imports import csv_metrics, jsonl_metrics, tensorboard
from nnlab.imports.metrics import Metrics, MetricsError

SQLITE = b"SQLite format 3\x00"
"""First bytes of nnlab's own run files."""
LARGEST = 1024**3
"""Bytes of a text file that is read into memory."""

_JSON = (".jsonl", ".ndjson", ".json")
_TABLES = (".csv", ".tsv", ".txt", ".log")


def is_run_file(path: Path) -> bool:
    """Whether nnlab itself recorded this. Raises MetricsError if the file cannot be read."""
    return path.is_file() and _head(path).startswith(SQLITE)


def read(path: Path, steps_column: str | None = None) -> Metrics:
    """The columns of a CSV or JSON file, of an event file or of a folder of event files. Raises MetricsError."""
    if path.is_dir():
        return tensorboard.read(path)
    head = _head(path)
    if not head:
        raise MetricsError(f"{path}: the file is empty")
    if tensorboard.is_event_file(head) or tensorboard.MARK in path.name:
        if not tensorboard.is_event_file(head):
            raise MetricsError(f"{path}: not a TensorBoard event file, or cut off within its first record")
        return tensorboard.read(path)
    text = _text(path)
    if path.suffix.lower() in _JSON or (path.suffix.lower() not in _TABLES and text.lstrip()[:1] in ("{", "[")):
        return jsonl_metrics.read(path, text, steps_column)
    if path.suffix.lower() in _TABLES or _looks_like_table(text):
        return csv_metrics.read(path, text, steps_column)
    raise MetricsError(
        f"{path}: unknown kind of file; known are nnlab's run files, CSV, JSON lines and TensorBoard event files"
    )


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64)
    except FileNotFoundError:
        raise MetricsError(f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        raise MetricsError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise MetricsError(f"{path}: larger than {LARGEST // 1024**3} GiB; thin it out first")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MetricsError(f"{path}: not a text in UTF-8, and no other kind of file that is known") from None
    except OSError as error:
        raise MetricsError(f"cannot read {path}: {error.strerror or error}") from None
    if "\0" in text:
        raise MetricsError(f"{path}: not a text, and no other kind of file that is known")
    return text


def _looks_like_table(text: str) -> bool:
    """Whether the first line has two cells at least."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return any(delimiter in first for delimiter in ",;\t")
