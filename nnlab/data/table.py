"""The user's own data: CSV, NPZ or Parquet, checked so that every mistake in it is one clear sentence."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nnlab.data.classes import numbered
from nnlab.data.columns import Columns
from nnlab.data.csv_file import read_csv
from nnlab.data.errors import DataError
from nnlab.data.files import existing
from nnlab.data.npz_file import Arrays, read_npz
from nnlab.data.parquet_file import read_parquet
from nnlab.data.prepare import Examples, Raw, float32
from nnlab.scenario.data import Table

FEWEST_ROWS = 4
"""A training file with fewer examples leaves nothing to learn from once some are held out."""
Names = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of the features and of the targets."""
Pair = tuple[Raw, Raw]
"""Inputs and labels."""
SUFFIXES = (".csv", ".tsv", ".npz", ".parquet", ".pq")


def table(data: Table, base_dir: Path) -> Examples:
    """The file (and `val_path`, if given) as examples. Raises DataError naming file, line or row, and column."""
    file = _read(data.path, base_dir)
    other = None if data.val_path is None else _read(data.val_path, base_dir)
    if isinstance(file, Arrays):
        return _from_arrays(data, file, other)
    return _from_columns(data, file, other)


def _read(name: str, base_dir: Path) -> Arrays | Columns:
    path = existing(name, base_dir, SUFFIXES)
    suffix = path.suffix.lower()
    if suffix == ".npz":
        return read_npz(path)
    return read_csv(path) if suffix in {".csv", ".tsv"} else read_parquet(path)


def _from_arrays(data: Table, file: Arrays, other: Arrays | Columns | None) -> Examples:
    if data.target is not None:
        raise DataError(f"target names a column, but {file.file} is an NPZ file: its targets are y")
    held_out = None if file.x_val is None or file.y_val is None else (file.x_val, file.y_val)
    if other is not None:
        if not isinstance(other, Arrays):
            raise DataError(f"{other.file} must be an NPZ file as {file.file} is")
        held_out = other.x, other.y
    _check_rows(file.file, len(file.x))
    if held_out is not None and (held_out[0].shape[1] != file.x.shape[1] or held_out[1].shape[1:] != file.y.shape[1:]):
        raise DataError(
            f"{file.file}: training examples are {file.x.shape[1:]} → {file.y.shape[1:]}, "
            f"validation examples {held_out[0].shape[1:]} → {held_out[1].shape[1:]}"
        )
    width = 1 if file.y.ndim == 1 else file.y.shape[1]
    names = ("y",) if width == 1 else tuple(f"y{i}" for i in range(width))
    features = tuple(f"x{i}" for i in range(file.x.shape[1]))
    return _examples(data, f"{file.file}: y", (features, names), (file.x, file.y), held_out)


def _from_columns(data: Table, file: Columns, other: Arrays | Columns | None) -> Examples:
    if isinstance(other, Arrays):
        raise DataError(f"{other.file} must have the columns of {file.file}, but is an NPZ file")
    targets = _targets(data, file)
    features = tuple(name for name in file.names if name not in targets)
    if not features:
        raise DataError(f"{file.file} has no column besides the target: there is nothing to predict from")
    _check_rows(file.file, len(file.places))
    train = _columns_xy(data, file, features, targets)
    held_out = None if other is None else _columns_xy(data, other, features, targets)
    return _examples(data, f"{file.file}, column '{targets[0]}'", (features, targets), train, held_out)


def _targets(data: Table, file: Columns) -> tuple[str, ...]:
    targets = data.target if isinstance(data.target, tuple) else (data.target or file.names[-1],)
    if not targets:
        raise DataError("target is an empty list: name at least one column")
    for name in targets:
        file.require(name)
    if len(targets) > 1 and data.task == "classification":
        raise DataError("classification has one target; for several columns say task = 'multilabel' or 'regression'")
    return tuple(dict.fromkeys(targets))


def _columns_xy(data: Table, file: Columns, features: Sequence[str], targets: Sequence[str]) -> tuple[Raw, Raw]:
    for name in (*features, *targets):
        file.require(name)
    labels = file.labels(targets[0]) if data.task == "classification" else file.matrix(targets)
    return file.matrix(features), labels


def _check_rows(file: str, rows: int) -> None:
    if rows < FEWEST_ROWS:
        raise DataError(f"{file} has {rows} example{'' if rows == 1 else 's'}; at least {FEWEST_ROWS} are needed")


def _examples(data: Table, where: str, names: Names, train: Pair, held_out: Pair | None) -> Examples:
    """Labels of the task's form; a held-out part without rows counts as none given."""
    features, targets = names
    if data.drop_nonfinite:
        train, held_out = _complete(train), None if held_out is None else _complete(held_out)
        _check_rows(where, len(train[0]))
    given = held_out if held_out is not None and len(held_out[0]) else None
    labels = [train[1]] if given is None else [train[1], given[1]]
    classes: tuple[str, ...] = ()
    if data.task == "classification":
        numbers, classes = numbered(where, labels)
        labels = list(numbers)
    else:
        labels = [_numeric(where, data.task, part) for part in labels]
    return Examples(
        x=train[0],
        y=labels[0],
        task=data.task,
        feature_names=features,
        target_names=targets,
        class_names=classes,
        held_out=None if given is None else (given[0], labels[1]),
    )


def _complete(rows: Pair) -> Pair:
    """The rows in which every feature is a finite number in single precision."""
    kept = np.isfinite(float32(rows[0])).all(axis=1)
    return rows[0][kept], rows[1][kept]


def _numeric(where: str, task: str, labels: Raw) -> Raw:
    """Targets as float32 [n, targets]; those of a multilabel task must be 0 or 1."""
    if labels.dtype.kind == "U":
        raise DataError(f"{where} holds text, but the task is {task}: numbers are needed")
    values = float32(labels if labels.ndim == 2 else labels[:, None])
    if task == "multilabel":
        odd = values[(values != 0.0) & (values != 1.0)]
        if len(odd):
            raise DataError(f"{where}: a multilabel target is 0 or 1, but {odd[0]:g} was found")
    return np.ascontiguousarray(values)
