"""Maximum mean discrepancy: whether two samples differ in any way that a kernel sees, correlations included.

Gretton et al. 2012 ("A kernel two-sample test"): Gaussian kernel with the median heuristic, the unbiased estimate of
MMD², and a permutation test.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nnlab.data.seeded import generator

ROWS = 128
"""Rows of either sample that are compared: all pairs of them cost about a millisecond."""
PERMUTATIONS = 199
"""Divisions of the pooled rows that the observed one is held against; the smallest p is 1 in 200."""
Matrix = NDArray[np.float64]


def mmd(a: NDArray[np.float32], b: NDArray[np.float32], number: int) -> tuple[float, float]:
    """Unbiased MMD² (about 0 for equal distributions, at most 2) and its p by permutation.

    Both [rows, features]; features are taken in standard deviations of `a`. Of larger samples ROWS rows are compared,
    others for each `number`, so that the chance errors of two readings are not the same. Samples without any spread
    give 0 and 1.
    """
    scale = a.std(axis=0)
    draw = generator(0, "mmd rows", number)
    pooled = np.concatenate([_thinned(a, draw), _thinned(b, draw)]).astype(np.float64)
    kernel = gaussian(pooled / np.where(scale > 0.0, scale, 1.0))
    if kernel is None:
        return 0.0, 1.0
    first = min(len(a), ROWS)
    found = _discrepancies(kernel, _divisions(first, len(kernel)))
    return float(found[0]), float((found >= found[0] - 1e-12).sum() / len(found))


def gaussian(rows: Matrix) -> Matrix | None:
    """exp(−d² / median d²) for all pairs of rows, 0 on the diagonal; None where most rows are equal."""
    squares = (rows * rows).sum(axis=1)
    distances = (squares[:, None] + squares - 2.0 * rows @ rows.T).clip(0.0)
    typical = float(np.median(distances[np.triu_indices(len(rows), 1)]))
    if not typical > 0.0:
        return None
    kernel: Matrix = np.exp(-distances / typical)
    np.fill_diagonal(kernel, 0.0)
    return kernel


def _thinned(rows: NDArray[np.float32], draw: np.random.Generator) -> NDArray[np.float32]:
    return rows if len(rows) <= ROWS else rows[draw.choice(len(rows), ROWS, replace=False)]


def _discrepancies(kernel: Matrix, members: Matrix) -> Matrix:
    """MMD² of each division: `members` [rows, divisions] is 1 for rows of its first sample, 0 for the others."""
    rows, first = len(kernel), float(members[:, 0].sum())
    second = rows - first
    within = (members * (kernel @ members)).sum(axis=0)
    touching = kernel.sum(axis=1) @ members
    rest = kernel.sum() - 2.0 * touching + within
    between = touching - within
    total: Matrix = within / (first * (first - 1)) + rest / (second * (second - 1)) - 2.0 * between / (first * second)
    return total


@lru_cache(maxsize=2)
def _divisions(first: int, rows: int) -> Matrix:
    """The observed division, then PERMUTATIONS random ones that are always the same: [rows, 1 + PERMUTATIONS]."""
    observed = (np.arange(rows) < first).astype(np.float64)
    draw = generator(0, "mmd permutations", first, rows)
    return np.column_stack([observed, *(draw.permutation(observed) for _ in range(PERMUTATIONS))])
