"""Smoothing of a line that has been reduced to dot columns."""

import numpy as np

from nnlab.ui.charts.canvas import Columns, Floats


def smoothed(columns: Columns, length: float) -> Floats:
    """An exponential moving average of the columns' means, in axis units; `length` is its time constant in dot columns.

    A value counts e times less for each `length` columns that have passed since; columns without points pass too. The
    average begins with the first value and, as in a corrected average, the values so far weigh 1 in all: it neither
    starts at 0 nor lags at first. It begins anew behind a gap.
    """
    result = np.empty_like(columns.mean)
    total = weight = 0.0
    before = int(columns.at[0]) if len(columns.at) else 0
    for index, (at, value, gap) in enumerate(
        zip(columns.at.tolist(), columns.mean.tolist(), columns.gap.tolist(), strict=True)
    ):
        kept = 0.0 if gap else float(np.exp((before - at) / length))
        total, weight, before = kept * total + value, kept * weight + 1.0, at
        result[index] = total / weight
    return result
