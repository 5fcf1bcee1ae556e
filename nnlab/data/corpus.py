"""A synthetic search corpus: queries and passages are bags of words drawn around hidden topics.

Relevance has a ground truth: a passage answers a query if both have one topic, whoever's passage it is.
"""

from dataclasses import dataclass

import numpy as np

from nnlab.data.errors import DataError
from nnlab.data.fixed import Ints
from nnlab.data.seeded import generator
from nnlab.scenario.data import Triplets


@dataclass(frozen=True, eq=False)
class Corpus:
    """`queries` int64 [Q, query_length] and `passages` int64 [Q · per_query, document_length] hold word numbers.

    Query i owns passages i · per_query to (i + 1) · per_query - 1. `query_topic` [Q], `passage_topic` [Q · per_query]
    and `word_topic` [vocab] are hidden from the model.
    """

    queries: Ints
    passages: Ints
    query_topic: Ints
    passage_topic: Ints
    word_topic: Ints
    per_query: int


def make_corpus(data: Triplets, seed: int) -> Corpus:
    """The corpus of a scenario; topics share words and queries evenly. Raises DataError for topics without words."""
    if data.topics > data.vocab_size:
        raise DataError(f"{data.topics} topics cannot have words of their own in a vocabulary of {data.vocab_size}")
    draw = generator(seed, "corpus topics")
    word_topic = draw.permutation(np.arange(data.vocab_size) % data.topics).astype(np.int64)
    query_topic = draw.permutation(np.arange(data.queries) % data.topics).astype(np.int64)
    passage_topic = np.repeat(query_topic, data.passages)
    return Corpus(
        queries=_texts(word_topic, query_topic, data.query_length, data.topicality, generator(seed, "queries")),
        passages=_texts(word_topic, passage_topic, data.document_length, data.topicality, generator(seed, "passages")),
        query_topic=query_topic,
        passage_topic=passage_topic,
        word_topic=word_topic,
        per_query=data.passages,
    )


def _texts(word_topic: Ints, topics: Ints, length: int, topicality: float, draw: np.random.Generator) -> Ints:
    """Words [texts, length]: each of the text's own topic with probability `topicality`, else any word."""
    by_topic = np.argsort(word_topic, kind="stable")
    counts = np.bincount(word_topic)
    starts = np.cumsum(counts) - counts
    shape = (len(topics), length)
    own = by_topic[starts[topics][:, None] + (draw.random(shape) * counts[topics][:, None]).astype(np.int64)]
    anything = draw.integers(0, len(word_topic), shape)
    return np.where(draw.random(shape) < topicality, own, anything).astype(np.int64)
