"""What can be said about the data before training: the numbers that tell unscaled inputs, skew and NaN apart."""

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import FixedSource, Floats, Ints, Labels
from nnlab.data.neighbours import neighbour_score
from nnlab.data.stream import StreamSource
from nnlab.data.triplets import TripletSource

Facts = dict[str, float]


def facts(
    source: FixedSource | StreamSource | TripletSource, *, input_scale: float = 1.0, shuffle: bool = True
) -> Facts:
    """Measured facts under their RunInfo names; those that make no sense for a source are left out.

    `input_scale` and `shuffle` are the knobs' values: features as the model sees them, labels in training order. A
    stream is judged by its sample from before the drift.
    """
    if isinstance(source, TripletSource):
        return {
            "n_train": float(len(source.train_queries)),
            "n_val": float(len(source.val_queries)),
            "vocab_size": float(source.vocab_size),
            "passages_per_query": float(source.corpus.count.mean()),
        }
    if isinstance(source, StreamSource):
        x, y = source.reference
        known: Facts = {"features": float(source.features), "classes": float(source.classes)}
        return known | _inputs(x, input_scale) | {"majority_share": _majority(y)}
    counts = {
        "n_train": float(len(source.x_train)),
        "n_val": float(len(source.x_val)),
        "features": float(source.x_train.shape[1]),
        "classes": float(source.classes),
    }
    near = neighbour_score(source)
    known = {} if near is None else {"neighbour_score": near}
    return counts | _inputs(source.x_train, input_scale) | _labels(source, shuffle) | known


def _inputs(x: Floats, scale: float) -> Facts:
    """Spread, size and outliers of the features, over their finite values."""
    finite = np.isfinite(x)
    values = np.where(finite, x.astype(np.float64), np.nan)
    seen = finite.any(axis=0)
    stds = np.nanstd(values[:, seen], axis=0) if seen.any() else np.zeros(1)
    return {
        "feature_std_min": scale * float(stds.min()),
        "feature_std_max": scale * float(stds.max()),
        "feature_abs_max": scale * float(np.nanmax(np.abs(values))) if seen.any() else 0.0,
        "feature_outlier": _outlier(values[:, seen]),
        "nonfinite_inputs": float((~finite).sum()),
    }


def _outlier(values: NDArray[np.float64]) -> float:
    """The largest distance from a feature's median in interquartile ranges of it, where it has one."""
    if not values.size:
        return 0.0
    low, median, high = np.nanpercentile(values, [25.0, 50.0, 75.0], axis=0)
    spread = high - low
    ranged = spread > 0.0
    if not ranged.any():
        return 0.0
    far = np.nanmax(np.abs(values[:, ranged] - median[ranged]), axis=0)
    return float((far / spread[ranged]).max())


def _labels(source: FixedSource, shuffle: bool) -> Facts:
    if source.task == "classification":
        return {
            "nonfinite_targets": 0.0,
            "majority_share": _majority(source.y_train),
            "label_runs": 1.0 if shuffle else _runs(source.y_train),
        }
    finite = np.isfinite(source.y_train)
    values = source.y_train[finite].astype(np.float64)
    known: Facts = {"nonfinite_targets": float((~finite).sum())}
    if not values.size:
        return known
    stds = [float(column[np.isfinite(column)].astype(np.float64).std()) for column in source.y_train.T]
    sums = source.y_train.astype(np.float64).sum(axis=1)
    known |= {"target_row_sum_min": float(sums.min()), "target_row_sum_max": float(sums.max())}
    return known | {"target_min": float(values.min()), "target_max": float(values.max()), "target_std": max(stds)}


def _majority(y: Ints | Labels) -> float:
    """The share of the most frequent class."""
    return float(np.bincount(y).max() / len(y))


def _runs(y: Labels) -> float:
    """Mean length of runs of one label, over what it would be in random order (Wald and Wolfowitz 1940)."""
    counts = np.bincount(y)
    runs = 1 + int((y[1:] != y[:-1]).sum())
    expected = 1.0 + float((counts * (len(y) - counts)).sum()) / len(y)
    return expected / runs
