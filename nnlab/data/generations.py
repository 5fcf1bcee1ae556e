"""A small language: which symbol follows which context, with a long tail, and corpora sampled from a model of it.

The truth is Zipf's law over the symbols, in an order of its own for every context. The first generation's corpus is
drawn from the truth; of every later one the contexts stay and the symbols are drawn from what a model makes of them.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import FixedSource, Ints
from nnlab.data.prepare import Examples, prepare, relabelled
from nnlab.data.seeded import generator
from nnlab.scenario.data import Generations

TAIL = 0.2
"""The rarest symbols of a context that together hold at most this share of the truth are its tail."""
Shares = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class GenerationSource(FixedSource):
    """The corpus of one generation; inputs are the contexts, one-hot, and validation keeps to the truth.

    `truth` float64 [contexts, symbols] holds p(symbol | context), `context` int64 [n] the context of each training row,
    `true_labels` int64 [n] the symbols that the first generation had there.
    """

    seed: int
    truth: Shares
    context: Ints
    true_labels: Ints

    @cached_property
    def present(self) -> Ints:
        """Contexts that occur in the corpus, ascending."""
        return np.unique(self.context).astype(np.int64)

    @cached_property
    def example(self) -> Ints:
        """A training row of each context in `present`."""
        return np.unique(self.context, return_index=True)[1].astype(np.int64)

    def successor(self, model: Shares, number: int, replay: float) -> "GenerationSource":
        """Generation `number`: symbols drawn from `model`, p(symbol | context) for the contexts in `present`.

        round(replay · n) rows, others in each generation, have the symbol that they had in the first one. A context
        whose probabilities are not finite keeps the symbols it has.
        """
        rows = len(self.context)
        draw = generator(self.seed, "generation", number)
        honest = draw.permutation(rows) < round(replay * rows)
        uniform = draw.random(rows)
        symbols = self.clean_labels.copy()
        for context, shares in zip(self.present, model, strict=True):
            if np.isfinite(shares).all():
                here = self.context == context
                edges = np.cumsum(shares)
                symbols[here] = np.searchsorted(edges[:-1], uniform[here] * edges[-1], side="right")
        return self.with_symbols(np.where(honest, self.true_labels, symbols))

    def with_symbols(self, symbols: Ints) -> "GenerationSource":
        """The same contexts with these symbols, int64 [n]: the corpus of a generation is known by its symbols alone."""
        return relabelled(self, symbols, self.seed)

    def variance(self) -> float:
        """Variance of the symbols within a context over the true one: 1 is as varied as the truth, 0 all alike.

        Of one-hot symbols it is 1 − ∑p², the chance that two samples differ (Simpson 1949; unbiased from counts).
        """
        counts = self._counts()
        rows = counts.sum(axis=1)
        several = rows > 1
        alike = (counts * (counts - 1.0)).sum(axis=1)[several] / (rows * (rows - 1.0))[several]
        true = 1.0 - (self.truth[self.present][several] ** 2).sum(axis=1)
        return float((1.0 - alike).mean() / true.mean()) if several.any() else 1.0

    def tail_mass(self) -> float:
        """How much of the truth's tails the corpus still holds: ∑min(q, p) over rare symbols, as a share of ∑p."""
        counts = self._counts()
        true = self.truth[self.present]
        rare = tails(true)
        held = np.minimum(counts / counts.sum(axis=1, keepdims=True), true)
        return float(held[rare].sum() / true[rare].sum())

    def _counts(self) -> Shares:
        """How often each symbol follows each of the contexts in `present`."""
        symbols = self.truth.shape[1]
        every = np.bincount(self.context * symbols + self.clean_labels, minlength=self.truth.size)
        return every.reshape(self.truth.shape)[self.present].astype(np.float64)


def tails(truth: Shares) -> NDArray[np.bool_]:
    """Which symbols are rare in their context: [contexts, symbols]; at least the rarest one."""
    order = np.argsort(truth, axis=1, kind="stable")
    held = np.cumsum(np.take_along_axis(truth, order, axis=1), axis=1) <= TAIL
    held[:, 0] = True
    rare = np.zeros_like(held)
    np.put_along_axis(rare, order, held, axis=1)
    return rare


def generations(data: Generations, seed: int) -> GenerationSource:
    """The first generation of a scenario: a corpus from the truth, a part of it held out."""
    draw = generator(seed, "generations truth")
    zipf = np.arange(1, data.symbols + 1, dtype=np.float64) ** -data.exponent
    zipf /= zipf.sum()
    truth = np.stack([zipf[draw.permutation(data.symbols)] for _ in range(data.contexts)])
    corpus = generator(seed, "generations corpus")
    context = np.arange(data.samples) % data.contexts
    symbol = (np.cumsum(truth, axis=1)[context, :-1] < corpus.random(data.samples)[:, None]).sum(axis=1)
    by_symbol = np.argsort(symbol, kind="stable")
    examples = Examples(
        x=np.eye(data.contexts)[context[by_symbol]],
        y=symbol[by_symbol],
        task="classification",
        feature_names=tuple(f"c{i}" for i in range(data.contexts)),
        target_names=("symbol",),
        class_names=tuple(f"s{i}" for i in range(data.symbols)),
    )
    first = prepare(examples, data, seed)
    return GenerationSource(
        **vars(first),
        seed=seed,
        truth=truth,
        context=first.x_train.argmax(axis=1).astype(np.int64),
        true_labels=first.clean_labels,
    )
