"""Search corpora: queries, their passages, and who answers whom; and the synthetic one.

Synthetic queries and passages are bags of words drawn around hidden topics. There relevance has a ground truth: a
passage answers a query if both have one topic, whoever's passage it is.
"""

from dataclasses import dataclass

import numpy as np

from nnlab.data.errors import DataError
from nnlab.data.fixed import Ints
from nnlab.data.seeded import generator
from nnlab.scenario.data import Triplets


@dataclass(frozen=True, eq=False)
class Corpus:
    """`queries` int64 [Q, query_length] and `passages` int64 [P, document_length] hold word numbers.

    Query i owns the `count[i]` passages from `first[i]` on, and the first `relevant[i]` of them answer it. Passages of
    one topic (`query_topic` [Q], `passage_topic` [P], hidden from the model) are no honest negatives for each other.
    Where the corpus is `padded` word 0 is no word: it fills short texts.
    """

    queries: Ints
    passages: Ints
    first: Ints
    count: Ints
    relevant: Ints
    query_topic: Ints
    passage_topic: Ints
    vocab_size: int
    padded: bool = False


def make_corpus(data: Triplets, seed: int) -> Corpus:
    """The corpus of a scenario; topics share words and queries evenly. Raises DataError for topics without words."""
    if data.topics > data.vocab_size:
        raise DataError(f"{data.topics} topics cannot have words of their own in a vocabulary of {data.vocab_size}")
    word_topic, query_topic = topics(data, seed)
    passage_topic = np.repeat(query_topic, data.passages)
    count = np.full(data.queries, data.passages, dtype=np.int64)
    return Corpus(
        queries=_texts(word_topic, query_topic, data.query_length, data.topicality, generator(seed, "queries")),
        passages=_texts(word_topic, passage_topic, data.document_length, data.topicality, generator(seed, "passages")),
        first=np.cumsum(count) - count,
        count=count,
        relevant=count,
        query_topic=query_topic,
        passage_topic=passage_topic,
        vocab_size=data.vocab_size,
    )


def topics(data: Triplets, seed: int) -> tuple[Ints, Ints]:
    """The hidden topics of the words, int64 [vocab], and of the queries, int64 [Q], of the synthetic corpus."""
    draw = generator(seed, "corpus topics")
    words = draw.permutation(np.arange(data.vocab_size) % data.topics).astype(np.int64)
    return words, draw.permutation(np.arange(data.queries) % data.topics).astype(np.int64)


def _texts(word_topic: Ints, topics: Ints, length: int, topicality: float, draw: np.random.Generator) -> Ints:
    """Words [texts, length]: each of the text's own topic with probability `topicality`, else any word."""
    by_topic = np.argsort(word_topic, kind="stable")
    counts = np.bincount(word_topic)
    starts = np.cumsum(counts) - counts
    shape = (len(topics), length)
    own = by_topic[starts[topics][:, None] + (draw.random(shape) * counts[topics][:, None]).astype(np.int64)]
    anything = draw.integers(0, len(word_topic), shape)
    return np.where(draw.random(shape) < topicality, own, anything).astype(np.int64)
