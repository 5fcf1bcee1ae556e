"""Class labels as they stand in a file, numbered from 0."""

from collections.abc import Sequence

import numpy as np

from nnlab.data.errors import DataError
from nnlab.data.fixed import Ints
from nnlab.data.prepare import Raw

MOST_CLASSES = 1000
MOST_FRACTIONAL = 20
"""More different values than this, not all of them whole numbers, are measurements and not classes."""


def numbered(where: str, parts: Sequence[Raw]) -> tuple[list[Ints], tuple[str, ...]]:
    """The labels of all parts (training, validation) as class numbers, and the classes' names in ascending order.

    Parts are [n] of numbers or text, or one-hot [n, classes]. Raises DataError for labels that are missing, of one
    class only (in the first part), or more like measurements than classes; `where` names the file and column.
    """
    flat = [_from_one_hot(where, part) for part in parts]
    together = np.concatenate([_as_text(part) for part in flat] if _is_text(flat) else flat)
    if together.dtype.kind == "f" and not np.isfinite(together).all():
        raise DataError(f"{where}: {int((~np.isfinite(together)).sum())} class labels are NaN or infinite")
    values, numbers = np.unique(together, return_inverse=True)
    _check_count(where, values)
    ends = np.cumsum([len(part) for part in flat])[:-1]
    split = np.split(numbers.reshape(-1).astype(np.int64), ends)
    if len(np.unique(split[0])) < 2:
        raise DataError(f"{where}: every example has the class '{_name(values[split[0][0]])}'; at least two are needed")
    return split, tuple(_name(value) for value in values)


def _is_text(parts: Sequence[Raw]) -> bool:
    return any(part.dtype.kind == "U" for part in parts)


def _as_text(labels: Raw) -> Raw:
    return labels if labels.dtype.kind == "U" else np.array([_name(value) for value in labels])


def _from_one_hot(where: str, labels: Raw) -> Raw:
    if labels.ndim == 1:
        return labels
    if _is_text([labels]) or not (((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all()):
        raise DataError(
            f"{where} has shape {labels.shape} and is not one-hot: one class per example is needed; "
            "for several targets say task = 'multilabel' or 'regression'"
        )
    numbers: Raw = labels.argmax(axis=1)
    return numbers


def _check_count(where: str, values: Raw) -> None:
    fractional = values.dtype.kind == "f" and bool((values != np.round(values)).any())
    if len(values) > MOST_CLASSES or (fractional and len(values) > MOST_FRACTIONAL):
        raise DataError(
            f"{where} has {len(values)} different values: this looks like regression (task = 'regression'), not classes"
        )


def _name(value: object) -> str:
    """The label as people write it: whole numbers without a decimal point."""
    return f"{value:g}" if isinstance(value, np.floating) else str(value)
