"""A CSV file of metrics: one row per step or epoch, or sparse rows as Lightning writes them.

The delimiter is a comma, semicolon or tab, whichever the head has most of; with a semicolon numbers may have a decimal
comma. A head that comes again (runs appended to one file) is passed over.
"""

import csv
import io
import re
from pathlib import Path

from nnlab.imports.metrics import Metrics, MetricsError
from nnlab.imports.records import Row, collect

_DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+([eE][+-]?\d+)?\s*")


def read(path: Path, text: str, steps_column: str | None = None) -> Metrics:
    """The columns of the file. Raises MetricsError."""
    return collect(_rows(path, text), str(path), steps_column)


def _rows(path: Path, text: str) -> list[Row]:
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    head: list[str] | None = None
    rows: list[Row] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if head is None:
                head = _head(path, cells)
            elif [cell.strip() for cell in cells] != head:
                rows.append(_row(path, reader.line_num, head, cells, delimiter))
    except csv.Error as error:
        raise MetricsError(f"{path}:{reader.line_num}: not readable as CSV: {error}") from None
    if head is None:
        raise MetricsError(f"{path}: the file is empty")
    if not rows:
        raise MetricsError(f"{path}: the file has a head but no rows")
    return rows


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _head(path: Path, cells: list[str]) -> list[str]:
    head = [cell.strip() for cell in cells]
    head[0] = head[0].removeprefix("#").strip()
    twice = next((name for name in head if name and head.count(name) > 1), None)
    if twice is not None:
        raise MetricsError(f'{path}:1: two columns are named "{twice}"')
    return head


def _row(path: Path, line: int, head: list[str], cells: list[str], delimiter: str) -> Row:
    """Cells that a row lacks at its end are empty (a writer that was killed); more than the head has are an error."""
    if len(cells) > len(head) and any(cell.strip() for cell in cells[len(head) :]):
        raise MetricsError(f"{path}:{line}: {len(cells)} cells under a head of {len(head)}")
    if delimiter == ";":
        cells = [cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell for cell in cells]
    return Row(line, {name: cell for name, cell in zip(head, cells, strict=False) if name})
