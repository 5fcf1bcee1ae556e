"""Triplets (query, positive passage, negative passage) from a search corpus, by step.

Queries come in a new random order each pass, so no query is twice in a batch (but for the seam between two passes);
the positive is any passage that answers it (of the synthetic corpus: any of its own). What each kind of negative is:

- random: a passage of another topic, so of another query and truly irrelevant;
- same-query: another passage of the same query that was not selected, or (of the synthetic corpus) any other, as
  relevant as the positive; a random one for a query without;
- in-batch, semi-hard, hard: the engine picks among the batch's positives; what is drawn here is a random negative,
  for the rows where the batch offers none.

`false_negative_rate` replaces that share of the negatives by other passages of the query's topic.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnlab.data.corpus import Corpus, make_corpus
from nnlab.data.errors import DataError
from nnlab.data.fixed import Floats, Ints
from nnlab.data.marco import read_corpus
from nnlab.data.seeded import generator
from nnlab.data.skipgram import skipgram
from nnlab.scenario.data import MsMarco, Negatives, Triplets

VALIDATION_ROWS = 512
Uniform = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pool:
    """Passages to draw from, `sorted` by topic; those of topic t are `sorted[start[t] : start[t] + count[t]]`.
    `place[p]` is where passage p stands in `sorted`.
    """

    sorted: Ints
    start: Ints
    count: Ints
    place: Ints

    def other_topic(self, topic: Ints, uniform: Uniform) -> Ints:
        """For each topic a passage of any other, picked by a number in [0, 1)."""
        index = (uniform * (len(self.sorted) - self.count[topic])).astype(np.int64)
        return self.sorted[np.where(index < self.start[topic], index, index + self.count[topic])]

    def same_topic(self, topic: Ints, but: Ints, uniform: Uniform) -> Ints:
        """For each topic a passage of it other than `but` (unless it is alone), picked by a number in [0, 1)."""
        index = self.start[topic] + (uniform * (self.count[topic] - 1)).astype(np.int64)
        return self.sorted[np.where(index < self.place[but], index, np.minimum(index + 1, len(self.sorted) - 1))]


@dataclass(frozen=True, eq=False)
class TripletSource:
    """The corpus and its split by query: `train_queries`, `val_queries` int64, ascending, and their passages' pools."""

    data: Triplets | MsMarco
    seed: int
    corpus: Corpus
    train_queries: Ints
    val_queries: Ints
    train_pool: Pool
    val_pool: Pool
    told: str = ""
    """What was read from a file, as a sentence."""

    @property
    def queries(self) -> Ints:
        """Word numbers, int64 [Q, query_length]."""
        return self.corpus.queries

    @property
    def passages(self) -> Ints:
        """Word numbers, int64 [P, document_length]."""
        return self.corpus.passages

    @property
    def query_topic(self) -> Ints:
        return self.corpus.query_topic

    @property
    def passage_topic(self) -> Ints:
        return self.corpus.passage_topic

    @property
    def vocab_size(self) -> int:
        return self.corpus.vocab_size

    @property
    def owner(self) -> Ints:
        """The query that each passage belongs to, int64 [P]."""
        return _owner(self.corpus)

    @property
    def negative_kinds(self) -> tuple[Negatives, ...]:
        """The kinds of negatives this corpus can offer: same-query needs two passages per query."""
        kinds: tuple[Negatives, ...] = ("random", "same-query", "in-batch", "semi-hard", "hard")
        return kinds if (self.corpus.count > 1).any() else tuple(kind for kind in kinds if kind != "same-query")

    def draw(
        self, first_step: int, steps: int, batch_size: int, negatives: Negatives, false_negative_rate: float
    ) -> tuple[Ints, Ints, Ints]:
        """Indices of queries, positives and negatives, int64 [steps, batch] each.

        A step's rows depend on the step and the other arguments, not on where draws begin and end. Raises DataError for
        negatives not among `negative_kinds`.
        """
        if negatives not in self.negative_kinds:
            raise DataError(f"{negatives} negatives need at least two passages per query")
        positions = np.arange(first_step * batch_size, (first_step + steps) * batch_size)
        query = self._queries_at(positions)
        uniform = np.stack([self._uniform(step, batch_size) for step in range(first_step, first_step + steps)], axis=1)
        own, pick, false, relevant = uniform.reshape(4, -1)
        offset = (own * self.corpus.relevant[query]).astype(np.int64)
        positive = self.corpus.first[query] + offset
        topic = self.query_topic[query]
        negative = self.train_pool.other_topic(topic, pick)
        if negatives == "same-query":
            negative = np.where(self.corpus.count[query] > 1, self._sibling(query, offset, pick), negative)
        misled = (false < false_negative_rate) & (self.train_pool.count[topic] > 1)
        negative = np.where(misled, self.train_pool.same_topic(topic, positive, relevant), negative)
        shape = (steps, batch_size)
        return query.reshape(shape), positive.reshape(shape), negative.reshape(shape)

    def validation(self, n: int = VALIDATION_ROWS) -> tuple[Ints, Ints, Ints]:
        """`n` triplets of validation queries, their passages and random negatives: int64 [n] each, always the same.
        Empty when no queries are held out.
        """
        if not len(self.val_queries):
            empty = np.empty(0, dtype=np.int64)
            return empty, empty, empty
        draw = generator(self.seed, "triplets validation")
        answers = self.corpus.relevant[self.val_queries]
        pairs = draw.permutation(answers.sum())[np.arange(n) % answers.sum()]
        query = np.repeat(self.val_queries, answers)[pairs]
        positive = pairs - np.repeat(np.cumsum(answers) - answers - self.corpus.first[self.val_queries], answers)[pairs]
        negative = self.val_pool.other_topic(self.query_topic[query], draw.random(n))
        return query, positive, negative

    def skipgram(self, dim: int, seed: int) -> Floats:
        """Word vectors [vocab, dim] from the passages' co-occurrence, of standard deviation 1."""
        return skipgram(self.passages, self.vocab_size, dim, seed, padded=self.corpus.padded)

    def _sibling(self, query: Ints, offset: Ints, pick: Uniform) -> Ints:
        """Another passage of the query than its `offset`-th: one that does not answer it, where there is one."""
        count, answers = self.corpus.count[query], self.corpus.relevant[query]
        others = answers + (pick * (count - answers)).astype(np.int64)
        any_other = (offset + 1 + (pick * (count - 1)).astype(np.int64)) % count
        return self.corpus.first[query] + np.where(count > answers, others, any_other)

    def _queries_at(self, positions: Ints) -> Ints:
        """The training queries at these places of the endless row of shuffled passes."""
        count = len(self.train_queries)
        passes, place = np.divmod(positions, count)
        query = np.empty(len(positions), dtype=np.int64)
        for number in np.unique(passes):
            chosen = passes == number
            query[chosen] = self.train_queries[_order(self.seed, int(number), count)[place[chosen]]]
        return query

    def _uniform(self, step: int, batch_size: int) -> Uniform:
        """Four numbers in [0, 1) for each row of the step's batch: [4, batch]."""
        chunk, place = divmod(step, CHUNK_STEPS)
        return _numbers(self.seed, chunk, batch_size)[:, place]


CHUNK_STEPS = 64
"""Steps whose random numbers are drawn together."""


def triplets(data: Triplets | MsMarco, seed: int, base_dir: Path) -> TripletSource:
    """The triplets of a scenario. Raises DataError where its options leave no triplet to draw, or a file is unfit."""
    corpus, told = (make_corpus(data, seed), "") if isinstance(data, Triplets) else read_corpus(data, base_dir)
    total = len(corpus.queries)
    held = min(max(round(data.val_fraction * total), 1), total - 1) if data.val_fraction > 0.0 else 0
    order = generator(seed, "triplets split").permutation(total).astype(np.int64)
    train, val = np.sort(order[held:]), np.sort(order[:held])
    if len(np.unique(corpus.query_topic[train])) < 2:
        raise DataError("the training queries are all of one topic: lower val_fraction or take more queries")
    few = len(np.unique(corpus.query_topic[val])) < 2
    source = TripletSource(
        data=data,
        seed=seed,
        corpus=corpus,
        train_queries=train,
        val_queries=val,
        train_pool=_pool(corpus, train),
        val_pool=_pool(corpus, np.arange(total) if few else val),
        told=told,
    )
    if data.negatives not in source.negative_kinds:
        raise DataError(f"{data.negatives} negatives need at least two passages per query")
    return source


def _owner(corpus: Corpus) -> Ints:
    """The query that each passage belongs to, int64 [P]."""
    return np.repeat(np.arange(len(corpus.count)), corpus.count)


def _pool(corpus: Corpus, queries: Ints) -> Pool:
    """The passages of these queries."""
    passages = np.flatnonzero(np.isin(_owner(corpus), queries))
    topics = corpus.passage_topic[passages]
    ordered = passages[np.argsort(topics, kind="stable")]
    count = np.bincount(topics, minlength=int(corpus.query_topic.max()) + 1).astype(np.int64)
    place = np.zeros(len(corpus.passages), dtype=np.int64)
    place[ordered] = np.arange(len(ordered))
    return Pool(ordered, np.cumsum(count) - count, count, place)


@lru_cache(maxsize=4)
def _order(seed: int, number: int, count: int) -> Ints:
    """The order of the queries in one pass."""
    return generator(seed, "triplets pass", number).permutation(count).astype(np.int64)


@lru_cache(maxsize=4)
def _numbers(seed: int, chunk: int, batch_size: int) -> Uniform:
    """Four numbers in [0, 1) for each row of a chunk of steps: [4, steps, batch]."""
    return generator(seed, "triplets", chunk).random((4, CHUNK_STEPS, batch_size))
