"""Word vectors as skip-gram with negative sampling would learn them, without training.

Levy and Goldberg (2014, "Neural word embedding as implicit matrix factorization") show that skip-gram factorises the
words' pointwise mutual information; so the table is the truncated singular value decomposition of the positive part of
that matrix, counted on the corpus, by randomised subspace iteration (Halko et al. 2011).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import Floats, Ints
from nnlab.data.seeded import generator

WINDOW = 5
"""Words this near to each other count as a pair, as in word2vec (Mikolov et al. 2013)."""
MOST_WORDS = 200_000
"""Words of text counted: more add little to the statistics and much to the time."""
DENSE_WORDS = 4096
"""Largest vocabulary whose square matrix is held in memory."""
EXTRA = 10
"""Dimensions carried besides those wanted: they make the wanted ones exact."""
ITERATIONS = 4
ROUNDING = 1e-12
"""Squared lengths below this share of the largest are rounding of float64."""
Matrix = NDArray[np.float64]


def skipgram(texts: Ints, vocab_size: int, dim: int, seed: int, *, padded: bool = False) -> Floats:
    """A table [vocab_size, dim] with standard deviation 1: words that occur together are close, unseen words near 0.
    Where texts are `padded`, word 0 is no word and stands near none.
    """
    times = _mutual_information(texts, vocab_size, padded)
    rank = min(dim, vocab_size)
    draw = generator(seed, "skipgram")
    basis = draw.normal(size=(vocab_size, min(rank + EXTRA, vocab_size)))
    for _ in range(ITERATIONS):
        basis = _orthonormal(times(basis))
    image = times(basis)
    left, values, _ = np.linalg.svd(image, full_matrices=False)
    table = np.zeros((vocab_size, dim))
    table[:, :rank] = left[:, :rank] * np.sqrt(values[:rank])
    spread = table.std()
    return (table / spread if spread > 0.0 else draw.normal(size=table.shape)).astype(np.float32)


def _orthonormal(columns: Matrix) -> Matrix:
    """A basis of the columns' span by their small Gram matrix: all multiplication, where the QR of a tall matrix waits
    for its own threads. Directions lost to rounding become 0.
    """
    values, turns = np.linalg.eigh(columns.T @ columns)
    kept = values > ROUNDING * values.max()
    basis: Matrix = columns @ (turns * np.where(kept, 1.0 / np.sqrt(np.where(kept, values, 1.0)), 0.0))
    return basis


def _mutual_information(texts: Ints, vocab_size: int, padded: bool) -> Callable[[Matrix], Matrix]:
    """Multiplication by the symmetric matrix of positive pointwise mutual information."""
    rows, columns, counts = _pairs(texts, vocab_size, padded)
    totals = np.bincount(rows, weights=counts, minlength=vocab_size)
    values = np.log(counts * totals.sum() / (totals[rows] * totals[columns]))
    positive = values > 0.0
    rows, columns, values = rows[positive], columns[positive], values[positive]
    if vocab_size <= DENSE_WORDS:
        dense = np.zeros((vocab_size, vocab_size))
        dense[rows, columns] = values
        return lambda other: dense @ other

    def times(other: Matrix) -> Matrix:
        products = [np.bincount(rows, weights=values * vector[columns], minlength=vocab_size) for vector in other.T]
        return np.column_stack(products)

    return times


def _pairs(texts: Ints, vocab_size: int, padded: bool) -> tuple[Ints, Ints, Matrix]:
    """Ordered pairs of words within WINDOW places of each other, and how often each occurs."""
    words = (texts > 0).sum(axis=1) if padded else np.full(len(texts), texts.shape[1])
    used = texts[: max(1, int(np.searchsorted(np.cumsum(words), MOST_WORDS, side="right")))]
    near = [
        (used[:, :-gap] * vocab_size + used[:, gap:]).reshape(-1)
        for gap in range(1, min(WINDOW, texts.shape[1] - 1) + 1)
    ]
    keys = np.concatenate(near) if near else np.empty(0, dtype=np.int64)
    if padded:
        keys = keys[(keys >= vocab_size) & (keys % vocab_size > 0)]
    keys = np.concatenate([keys, keys % vocab_size * vocab_size + keys // vocab_size])
    if vocab_size <= DENSE_WORDS:
        table = np.bincount(keys, minlength=vocab_size * vocab_size)
        found = np.flatnonzero(table)
        counts = table[found]
    else:
        found, counts = np.unique(keys, return_counts=True)
    return found // vocab_size, found % vocab_size, counts.astype(np.float64)
