"""Reading Parquet, where pyarrow is installed: nnlab does not depend on it."""

from importlib import import_module
from pathlib import Path

from nnlab.data.columns import Columns
from nnlab.data.errors import DataError


def read_parquet(path: Path) -> Columns:
    """All columns. Raises DataError without pyarrow, for a broken file and for columns of one name."""
    try:
        parquet = import_module("pyarrow.parquet")
        arrow = import_module("pyarrow")
    except ImportError:
        raise DataError(f"{path.name}: reading Parquet needs pyarrow (pip install pyarrow)") from None
    try:
        table = parquet.read_table(path)
    except (arrow.ArrowException, OSError) as error:
        raise DataError(f"{path.name} is not a readable Parquet file: {str(error).splitlines()[0]}") from None
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
