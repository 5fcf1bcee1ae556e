"""What a guess from the nearest training rows gets right: a baseline that needs no training (Cover and Hart 1967)."""

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import FixedSource
from nnlab.data.seeded import generator

NEIGHBOURS = 5
HELD, SEEN = 256, 2048
"""Validation and training rows that are compared at most: some ten milliseconds."""
WIDEST = 1000
"""Features beyond which distances tell little and take long."""
FEWEST = 50
"""Rows on either side below which the score says too little."""
SAME = 1e-9
"""Squared distance of standardised rows that are one row twice: it would only tell its own label."""

Matrix = NDArray[np.float64]


def neighbour_score(source: FixedSource) -> float | None:
    """Accuracy on validation rows of the vote of their nearest training rows, or r² of their mean target in a
    regression; None where there are too few rows, too many features, or several labels a row."""
    if source.task == "multilabel" or source.x_train.shape[1] > WIDEST:
        return None
    seen = _finite_rows(source.x_train, source.y_train, SEEN)
    held = _finite_rows(source.x_val, source.y_val, HELD)
    if min(len(seen), len(held)) < FEWEST:
        return None
    x = source.x_train[seen].astype(np.float64)
    centre, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    nearest, apart = _nearest((source.x_val[held] - centre) / spread, (x - centre) / spread)
    true = source.y_val[held]
    if source.task == "classification":
        votes = np.zeros((len(held), source.classes))
        rows = np.arange(len(held))[:, None]
        np.add.at(votes, (rows, source.y_train[seen][nearest]), apart)
        return float((votes.argmax(axis=1) == true).mean())
    targets = source.y_train[seen][nearest].astype(np.float64)
    guess = (targets * apart[:, :, None]).sum(axis=1) / np.maximum(apart.sum(axis=1), 1.0)[:, None]
    total = float(np.square(true - true.mean(axis=0)).sum())
    return 1.0 - float(np.square(true - guess).sum()) / total if total > 0.0 else None


def _finite_rows(x: NDArray[np.float32], y: NDArray[np.generic], limit: int) -> NDArray[np.int64]:
    """At most `limit` rows without a NaN or an infinity, always the same."""
    known = np.isfinite(y.astype(np.float64))
    rows = np.flatnonzero(np.isfinite(x).all(axis=1) & (known.all(axis=1) if known.ndim > 1 else known))
    return generator(0, "neighbours").permutation(rows)[:limit]


def _nearest(held: Matrix, seen: Matrix) -> tuple[NDArray[np.int64], Matrix]:
    """For each held row the nearest seen ones that are not itself, and 1 for each (0 where it is)."""
    distance = np.square(held).sum(axis=1)[:, None] + np.square(seen).sum(axis=1)[None, :] - 2.0 * held @ seen.T
    distance[distance < SAME] = np.inf
    nearest = np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    other = np.isfinite(np.take_along_axis(distance, nearest, axis=1))
    return nearest, other.astype(np.float64)
