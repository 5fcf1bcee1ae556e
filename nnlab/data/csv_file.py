"""Reading CSV: a header, then rows of equal length. Comma, semicolon or tab, as the header has it."""

import csv
from pathlib import Path

from nnlab.data.columns import Columns
from nnlab.data.errors import DataError

DELIMITERS = (",", ";", "\t")


def read_csv(path: Path) -> Columns:
    """All cells as text. Raises DataError for an empty file, a faulty header, ragged rows or another encoding."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max(DELIMITERS, key=first.count), strict=True)
            header = [name.strip() for name in next(reader, [])]
            _check_header(path.name, header)
            rows: list[list[str]] = []
            lines: list[int] = []
            for row in reader:
                if len(row) != len(header):
                    if not row:
                        continue
                    raise DataError(
                        f"{path.name}, line {reader.line_num}: {_count(len(row), 'value')}, "
                        f"but the header names {_count(len(header), 'column')}"
                    )
                rows.append(row)
                lines.append(reader.line_num)
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name} is not UTF-8 text (byte {error.start}): save it as a UTF-8 CSV file") from None
    except csv.Error as error:
        raise DataError(f"{path.name}, line {reader.line_num}: {error}") from None
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return Columns(path.name, dict(zip(header, columns, strict=True)), [f"line {line}" for line in lines])


def _check_header(file: str, header: list[str]) -> None:
    if not any(header):
        raise DataError(f"{file} is empty: a header line with the column names is needed")
    if all(_is_number(name) for name in header):
        raise DataError(f"{file}, line 1 holds numbers: put a header line with the column names above them")
    for place, name in enumerate(header, start=1):
        if not name:
            raise DataError(f"{file}, line 1: column {place} has no name (an index column? save the table without it)")
        if name in header[: place - 1]:
            raise DataError(f"{file}, line 1: two columns are named '{name}'")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
