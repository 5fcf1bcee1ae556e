"""Reading Parquet, where pyarrow is installed: nnlab does not depend on it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from nnlab.data.columns import Columns
from nnlab.data.errors import DataError
from nnlab.data.files import no_column

ROWS = 1024
"""Rows read at once where not all are wanted."""


def read_parquet(path: Path) -> Columns:
    """All columns. Raises DataError without pyarrow, for a broken file and for columns of one name."""
    with _pyarrow(path) as (arrow, parquet):
        table = parquet.read_table(path)
    names = table.column_names
    if len(set(names)) < len(names):
        raise DataError(f"{path.name}: two columns have one name")
    number = arrow.types
    cells = {
        name: column.to_numpy()
        if column.null_count == 0 and (number.is_integer(column.type) or number.is_floating(column.type))
        else column.to_pylist()
        for name, column in zip(names, table.columns, strict=True)
    }
    return Columns(path.name, cells, [f"row {row}" for row in range(1, table.num_rows + 1)])


def parquet_rows(path: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows as objects with these columns, read as they are asked for. Raises DataError as `read_parquet` does, and
    for a column that is not there.
    """
    with _pyarrow(path) as (_, parquet), parquet.ParquetFile(path) as file:
        for name in columns:
            if name not in file.schema_arrow.names:
                raise no_column(path.name, name, file.schema_arrow.names)
        for batch in file.iter_batches(batch_size=ROWS, columns=list(columns)):
            yield from batch.to_pylist()


@contextmanager
def _pyarrow(path: Path) -> Iterator[tuple[Any, Any]]:
    """pyarrow and pyarrow.parquet, their errors about this file turned into sentences."""
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise DataError(f"{path.name}: reading Parquet needs pyarrow (pip install pyarrow)") from None
    try:
        yield arrow, parquet
    except (arrow.ArrowException, OSError) as error:
        raise DataError(f"{path.name} is not a readable Parquet file: {str(error).splitlines()[0]}") from None
