"""Named columns of a text or Parquet file, turned into numbers or labels with an error that says where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab.data.errors import DataError
from nnlab.data.files import no_column

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?"})
"""Cells that mean "no value", in lower case."""
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Columns:
    """Cells by column name: text, or numbers and None. `places[i]` says where row i stands in the file ("line 7")."""

    file: str
    cells: Mapping[str, Sequence[Any]]
    places: Sequence[str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.cells)

    def require(self, name: str) -> None:
        """Raises DataError with the nearest name if there is no such column."""
        if name not in self.cells:
            raise no_column(self.file, name, self.names)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The column as finite numbers; true and false count as 1 and 0."""
        self.require(name)
        cells = self.cells[name]
        try:
            values = np.array(cells, dtype=np.float64)
        except (ValueError, TypeError):
            values = self._switches(name)
        bad = np.flatnonzero(~(np.abs(values) <= LARGEST))
        if len(bad):
            row = int(bad[0])
            raise DataError(f"{self._at(row, name)}: {_unusable(cells[row])}")
        return values

    def matrix(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Several columns side by side, [rows, columns]."""
        return np.column_stack([self.numbers(name) for name in names])

    def labels(self, name: str) -> NDArray[Any]:
        """The column as class labels: float64 if every cell is a number, else text."""
        self.require(name)
        cells = self.cells[name]
        for row, cell in enumerate(cells):
            if str(cell).strip().lower() in MISSING:
                raise DataError(f"{self._at(row, name)}: the label is missing; fill it in or drop the row")
        try:
            values = np.array(cells, dtype=np.float64)
        except (ValueError, TypeError):
            return np.array([str(cell).strip() for cell in cells])
        return values

    def _switches(self, name: str) -> NDArray[np.float64]:
        """A column of true and false as 1 and 0; anything else is an error at its first cell that is no number."""
        cells = self.cells[name]
        words = [str(cell).strip().lower() for cell in cells]
        if set(words) <= {"true", "false"}:
            return np.array([word == "true" for word in words], dtype=np.float64)
        row = next(row for row, cell in enumerate(cells) if not _is_number(cell))
        raise DataError(f"{self._at(row, name)}: {_unusable(cells[row])}")

    def _at(self, row: int, name: str) -> str:
        return f"{self.file}, {self.places[row]}, column '{name}'"


def _is_number(cell: object) -> bool:
    try:
        return bool(np.isfinite(float(str(cell))))
    except ValueError:
        return False


def _unusable(cell: object) -> str:
    """Why a cell is no finite float32."""
    text = str(cell).strip()
    if text.lower() in MISSING:
        return "the value is missing; fill it in or drop the row"
    try:
        number = float(text)
    except ValueError:
        shown = text if len(text) <= 40 else text[:39] + "…"
        return f"'{shown}' is not a number; drop the column or encode it as numbers (only a class target may be text)"
    if np.isinf(number):
        return "the value is infinite"
    return f"{number:g} is too large: float32 ends at {LARGEST:.1e}"
