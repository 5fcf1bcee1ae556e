"""Triplets: who is relevant to whom, random access, and word vectors that know the topics."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.data.corpus import topics
from nnlab.data.source import DataError, TripletSource, facts, make
from nnlab.scenario.data import Triplets


def build(seed: int = 0, **options: Any) -> TripletSource:
    source = make(Triplets(kind="triplets", **options), seed, Path(), 32)
    assert isinstance(source, TripletSource)
    return source


def words_topic(source: TripletSource) -> Any:
    assert isinstance(source.data, Triplets)
    return topics(source.data, source.seed)[0]


def test_corpus_speaks_of_its_topics() -> None:
    source = build()
    assert source.queries.shape == (1000, 8) and source.passages.shape == (5000, 24)
    assert source.queries.dtype == source.passages.dtype == np.int64
    own = words_topic(source)[source.passages] == source.passage_topic[:, None]
    assert own.mean() == pytest.approx(0.7 + 0.3 / 50, abs=0.01)
    np.testing.assert_array_equal(source.passage_topic, source.query_topic[source.owner])
    assert not set(source.train_queries) & set(source.val_queries) and len(source.val_queries) == 200
    assert facts(source)["n_train"] == 800.0


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(0, 300),
    cuts=st.lists(st.integers(1, 80), min_size=1, max_size=4),
    negatives=st.sampled_from(["random", "same-query", "in-batch"]),
    rate=st.floats(0, 1),
)
def test_any_split_into_draws_gives_the_same_triplets(first: int, cuts: list[int], negatives: Any, rate: float) -> None:
    source = build(queries=40, topics=5)
    whole = source.draw(first, sum(cuts), 7, negatives, rate)
    start, parts = first, []
    for cut in cuts:
        parts.append(source.draw(start, cut, 7, negatives, rate))
        start += cut
    for index in range(3):
        np.testing.assert_array_equal(whole[index], np.concatenate([part[index] for part in parts]))


def test_negatives_are_what_their_name_says() -> None:
    source = build()
    q, p, n = source.draw(0, 200, 32, "random", 0.0)
    assert q.shape == p.shape == n.shape == (200, 32) and q.dtype == n.dtype == np.int64
    np.testing.assert_array_equal(source.owner[p], q)
    assert (source.passage_topic[n] != source.query_topic[q]).all()
    assert np.isin(q, source.train_queries).all() and np.isin(source.owner[n], source.train_queries).all()
    q, p, n = source.draw(0, 200, 32, "same-query", 0.0)
    np.testing.assert_array_equal(source.owner[n], q)
    assert (n != p).all()
    q, p, n = source.draw(0, 400, 32, "random", 0.3)
    false = source.passage_topic[n] == source.query_topic[q]
    assert false.mean() == pytest.approx(0.3, abs=0.02) and (n != p).all()
    assert (source.owner[n][false] != q[false]).mean() > 0.8


def test_every_query_comes_once_in_a_pass() -> None:
    source = build(queries=40, topics=5)
    q, p, _ = source.draw(0, 32, 10, "random", 0.0)
    passes = q.reshape(10, 32)
    assert all(sorted(one) == list(source.train_queries) for one in passes) and (passes[0] != passes[1]).any()
    assert len(set(p.ravel())) > 0.7 * 32 * 5


def test_validation_is_honest_and_fixed() -> None:
    source = build()
    q, p, n = source.validation()
    assert q.shape == (512,) and np.isin(q, source.val_queries).all()
    np.testing.assert_array_equal(source.owner[p], q)
    assert (source.passage_topic[n] != source.query_topic[q]).all() and np.isin(
        source.owner[n], source.val_queries
    ).all()
    np.testing.assert_array_equal(n, source.validation()[2])
    assert all(len(part) == 0 for part in build(val_fraction=0.0).validation())


def test_one_passage_per_query_offers_no_same_query_negatives() -> None:
    source = build(passages=1, queries=8, topics=8)
    assert "same-query" not in source.negative_kinds
    with pytest.raises(DataError, match="two passages"):
        source.draw(0, 1, 4, "same-query", 0.0)
    with pytest.raises(DataError, match="two passages"):
        build(passages=1, negatives="same-query")
    q, _, n = source.draw(0, 20, 4, "random", 1.0)
    assert (source.passage_topic[n] != source.query_topic[q]).all()


def test_impossible_corpora() -> None:
    with pytest.raises(DataError, match="vocabulary of 10"):
        build(topics=20, vocab_size=10)
    with pytest.raises(DataError, match="one topic"):
        build(queries=8, val_fraction=0.99)


@pytest.mark.parametrize(("vocab", "topics", "dim"), [(1000, 50, 32), (5000, 4, 2), (10, 2, 32)])
def test_skipgram_puts_words_of_one_topic_together(vocab: int, topics: int, dim: int) -> None:
    source = build(vocab_size=vocab, topics=topics)
    table = source.skipgram(dim, 0)
    assert table.shape == (vocab, dim) and table.dtype == np.float32 and table.std() == pytest.approx(1.0, rel=1e-3)
    np.testing.assert_array_equal(table, source.skipgram(dim, 0))
    unit = table[:1000] / np.linalg.norm(table[:1000], axis=1, keepdims=True)
    similarity = unit @ unit.T
    topic = words_topic(source)[:1000]
    same = topic[:, None] == topic
    assert similarity[same].mean() > similarity[~same].mean() + 0.3
