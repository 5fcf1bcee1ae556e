"""From raw examples to a `FixedSource`: split, imbalance, oversampling, standardisation, label noise, in this order.

The split comes first so that validation keeps the true distribution; the noise comes last so that it knows which rows
are left. Each has its own random generator, so turning one option leaves the others' draws alone.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nnlab.data.errors import DataError
from nnlab.data.fixed import FixedSource, Floats, Ints, Labels
from nnlab.data.seeded import generator
from nnlab.scenario.data import DataPart, Task

Raw = NDArray[Any]
"""Numbers of any real dtype."""
Fixed = TypeVar("Fixed", bound=FixedSource)

ROUNDING = 1e-12
"""A standard deviation below this share of the mean is what float64 sums leave of a constant column."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Raw examples: `x` [n, features], `y` [n] class numbers or [n, targets] numbers; `held_out` is a given split."""

    x: Raw
    y: Raw
    task: Task
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    held_out: tuple[Raw, Raw] | None = None


def prepare(examples: Examples, data: DataPart, seed: int) -> FixedSource:
    """The examples as the scenario wants them. Raises DataError if `imbalance` or `oversample` is asked of a task
    without classes, or `standardize_targets` of one without numbers to reach."""
    x, y, x_val, y_val, rows = _split(examples, data.val_fraction, seed)
    for option, asked in (("imbalance", data.imbalance > 1.0), ("oversample", data.oversample)):
        if asked and examples.task != "classification":
            raise DataError(f"{option} needs classes, but the task is {examples.task}")
    if data.standardize_targets and examples.task != "regression":
        raise DataError(f"standardize_targets needs numbers to reach, but the task is {examples.task}")
    if data.imbalance > 1.0:
        kept = _imbalanced_rows(y, examples.y, data.imbalance, seed)
        x, y, rows = x[kept], y[kept], rows[kept]
    if data.oversample:
        repeated = _oversampled_rows(y, seed)
        x, y, rows = x[repeated], y[repeated], rows[repeated]
    if data.standardize:
        x, x_val = _standardized(x, x_val)
    if data.standardize_targets:
        y, y_val = _standardized(y, y_val)
    classes = len(examples.class_names)
    labels = np.int64 if classes else np.float32
    clean = y.astype(labels)
    clean.setflags(write=False)
    order, wrong = _noise(clean, classes, seed)
    source = FixedSource(
        x_train=float32(x),
        y_train=clean,
        x_val=float32(x_val),
        y_val=y_val.astype(labels),
        task=examples.task,
        classes=classes,
        targets=0 if classes else clean.shape[1],
        feature_names=examples.feature_names,
        target_names=examples.target_names,
        class_names=examples.class_names,
        clean_labels=clean,
        noise_order=order,
        wrong_labels=wrong,
        rows=rows,
    )
    return with_noise(source, data.label_noise)


def with_noise(source: FixedSource, rate: float) -> FixedSource:
    """The same source, its training labels wrong at `rate`."""
    return replace(source, y_train=source.noisy(rate)) if rate > 0.0 else source


def relabelled(source: Fixed, clean: Labels, seed: int) -> Fixed:
    """The same training rows with other labels, which label noise sees as the right ones."""
    clean = clean.astype(source.clean_labels.dtype)
    clean.setflags(write=False)
    order, wrong = _noise(clean, source.classes, seed)
    return replace(source, y_train=clean, clean_labels=clean, noise_order=order, wrong_labels=wrong)


def float32(values: Raw) -> Floats:
    """As float32; what is too large for it becomes infinite and is counted in the facts."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(values, dtype=np.float32)


def _split(examples: Examples, fraction: float, seed: int) -> tuple[Raw, Raw, Raw, Raw, Ints]:
    """Training and validation rows, each in their old order, and the numbers of the former; at least one of both if any
    are held out."""
    if examples.held_out is not None:
        return examples.x, examples.y, *examples.held_out, np.arange(len(examples.x))
    rows = len(examples.x)
    held = min(max(round(fraction * rows), 1), rows - 1) if fraction > 0.0 else 0
    chosen = np.zeros(rows, dtype=np.bool_)
    chosen[generator(seed, "split").permutation(rows)[:held]] = True
    return examples.x[~chosen], examples.y[~chosen], examples.x[chosen], examples.y[chosen], np.flatnonzero(~chosen)


def _imbalanced_rows(y: Raw, everything: Raw, ratio: float, seed: int) -> Ints:
    """Rows of `y` that stay when its classes are thinned to fall geometrically from the most frequent to 1/ratio of it.

    The classes keep the order of frequency they have in `everything`, where generated classes are still equally
    frequent (ties: lower class number first), and each keeps at least one row.
    """
    present, counts = np.unique(everything, return_counts=True)
    by_frequency = present[np.argsort(-counts, kind="stable")]
    order = generator(seed, "imbalance").permutation(len(y))
    most = int((y == by_frequency[0]).sum())
    kept = []
    for place, number in enumerate(by_frequency):
        wanted = most * ratio ** (-place / max(len(present) - 1, 1))
        of_class = order[y[order] == number]
        kept.append(of_class[: max(1, round(wanted))])
    return np.sort(np.concatenate(kept)).astype(np.int64)


def _oversampled_rows(y: Raw, seed: int) -> Ints:
    """Row numbers, ascending, with those of rarer classes repeated until each class has as many as the largest.

    Every row is repeated equally often, but for the remainder, which is drawn.
    """
    counts = np.bincount(y.astype(np.int64))
    draw = generator(seed, "oversample")
    rows = [np.resize(draw.permutation(np.flatnonzero(y == number)), counts.max()) for number in np.unique(y)]
    return np.sort(np.concatenate(rows)).astype(np.int64)


def _standardized(x: Raw, x_val: Raw) -> tuple[Raw, Raw]:
    """Both with the training set's mean and standard deviation per feature; constant features are only centred."""
    mean, std = moments(x)
    scale = np.where(std > ROUNDING * np.abs(mean), std, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        return (x - mean) / scale, (x_val - mean) / scale


def moments(x: Raw) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each column over its finite values (0 where there are none)."""
    finite = np.isfinite(x)
    count = np.maximum(finite.sum(axis=0), 1)
    values = np.where(finite, x, 0.0).astype(np.float64, copy=False)
    mean = values.sum(axis=0) / count
    with np.errstate(over="ignore"):
        variance = (np.where(finite, values - mean, 0.0) ** 2).sum(axis=0) / count
    return mean, np.sqrt(variance)


def _noise(clean: Labels, classes: int, seed: int) -> tuple[NDArray[np.float64], Labels]:
    """The order in which labels go wrong, in (0, 1), and what each becomes: another class, or another row's target."""
    rows = len(clean)
    draw = generator(seed, "label noise")
    order = (draw.permutation(rows) + 0.5) / max(rows, 1)
    if classes > 1:
        return order, (clean + draw.integers(1, classes, rows)) % classes
    other = (np.arange(rows) + draw.integers(1, max(rows, 2), rows)) % max(rows, 1)
    return order, clean[other]
