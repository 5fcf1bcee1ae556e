"""A phase: the same source, its examples changed from some step on."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nnlab.data.errors import DataError
from nnlab.data.fixed import FixedSource, Floats
from nnlab.data.prepare import float32, moments


def apply_phase(
    source: FixedSource, classes: Sequence[int] | None = None, shift: float | None = None, scale: float | None = None
) -> FixedSource:
    """The source under a phase's `classes` (training rows of these classes only), `scale` and `shift`.

    Features of training and validation rows become scale · x + shift · σ, σ being the feature's standard deviation over
    `source`'s training rows. Raises DataError for classes that the source lacks.
    """
    if shift is not None or scale is not None:
        source = _moved(source, 0.0 if shift is None else shift, 1.0 if scale is None else scale)
    return source if classes is None else _restricted(source, classes)


def _moved(source: FixedSource, shift: float, scale: float) -> FixedSource:
    _, std = moments(source.x_train)

    def move(x: Floats) -> Floats:
        with np.errstate(over="ignore", invalid="ignore"):
            return float32(scale * x + shift * std)

    return replace(source, x_train=move(source.x_train), x_val=move(source.x_val))


def _restricted(source: FixedSource, classes: Sequence[int]) -> FixedSource:
    if source.task != "classification":
        raise DataError(f"a phase names classes, but the task is {source.task}")
    unknown = [k for k in classes if k >= source.classes]
    if unknown:
        raise DataError(f"a phase names class {unknown[0]}, but classes are numbered 0 to {source.classes - 1}")
    rows = np.isin(source.clean_labels, list(classes))
    if not rows.any():
        raise DataError(f"no training example belongs to the phase's classes {sorted(classes)}")
    return replace(
        source,
        x_train=source.x_train[rows],
        y_train=source.y_train[rows],
        clean_labels=source.clean_labels[rows],
        noise_order=source.noise_order[rows],
        wrong_labels=source.wrong_labels[rows],
        rows=source.rows[rows],
    )
