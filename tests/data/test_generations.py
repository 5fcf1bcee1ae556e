"""Generations: the truth they begin with, what is sampled from a model, and what is measured of it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnlab.data.generations import TAIL, tails
from nnlab.data.source import GenerationSource, facts, make
from nnlab.scenario.data import Generations


def build(seed: int = 0, **options: Any) -> GenerationSource:
    source = make(Generations(kind="generations", **options), seed, Path(), 32)
    assert isinstance(source, GenerationSource)
    return source


def shares(source: GenerationSource, temperature: float = 1.0) -> np.ndarray[Any, np.dtype[np.float64]]:
    powers = source.truth[source.present] ** (1 / temperature)
    return powers / powers.sum(axis=1, keepdims=True)


def test_the_first_generation_is_true() -> None:
    source = build(samples=40_000, contexts=4, symbols=10, exponent=1.0)
    assert source.x_train.shape == (32_000, 4) and len(source.x_val) == 8000 and source.classes == 10
    for context in range(4):
        ordered = np.sort(source.truth[context])[::-1]
        np.testing.assert_allclose(ordered, ordered[0] / np.arange(1, 11))
        seen = np.bincount(source.y_train[source.context == context], minlength=10) / 8000
        np.testing.assert_allclose(seen, source.truth[context], atol=0.03)
    assert len({tuple(row.argsort()) for row in source.truth}) == 4
    np.testing.assert_array_equal(source.x_train.argmax(axis=1), source.context)
    assert source.variance() == pytest.approx(1.0, abs=0.02) and source.tail_mass() > 0.9
    assert facts(source)["classes"] == 10.0


def test_a_successor_is_drawn_from_the_model_for_the_same_contexts() -> None:
    source = build(samples=40_000, contexts=4, symbols=10)
    model = np.random.default_rng(0).dirichlet(np.ones(10), 4)
    after = source.successor(model, 1, 0.0)
    np.testing.assert_array_equal(after.x_train, source.x_train)
    np.testing.assert_array_equal(after.x_val, source.x_val)
    for context in range(4):
        seen = np.bincount(after.y_train[source.context == context], minlength=10) / 8000
        np.testing.assert_allclose(seen, model[context], atol=0.03)
    assert (after.wrong_labels != after.clean_labels).all()
    np.testing.assert_array_equal(after.y_train, source.successor(model, 1, 0.0).y_train)
    assert (after.y_train != source.successor(model, 2, 0.0).y_train).any()


@settings(max_examples=30, deadline=None)
@given(replay=st.floats(0, 1), number=st.integers(1, 50))
def test_replay_keeps_true_symbols_and_leaves_the_other_draws_alone(replay: float, number: int) -> None:
    source = build(samples=500, contexts=4, symbols=10)
    model = np.zeros((4, 10))
    model[np.arange(4), source.truth.argmin(axis=1)] = 1.0
    first = source.successor(model, 1, 0.0)
    after = first.successor(model, number, replay)
    true = after.y_train == source.y_train
    rare = source.truth.argmin(axis=1)[source.context]
    assert (after.y_train[~true] == rare[~true]).all()
    assert abs(int(true.sum()) - round(replay * 400)) <= int((source.y_train == rare).sum())
    assert (source.successor(model, number, 1.0).y_train == source.y_train).all()


def test_a_context_that_the_model_says_nothing_finite_of_keeps_its_symbols() -> None:
    source = build(samples=500, contexts=4, symbols=10)
    model = shares(source)
    model[2] = np.nan
    after = source.successor(model, 1, 0.0)
    spoiled = source.context == 2
    np.testing.assert_array_equal(after.y_train[spoiled], source.y_train[spoiled])
    assert (after.y_train[~spoiled] != source.y_train[~spoiled]).any()


def test_variance_is_the_variance_of_one_hot_symbols() -> None:
    source = build(samples=500, contexts=4, symbols=10)
    onehot = np.eye(10)[source.y_train]
    each = [onehot[source.context == context].var(axis=0, ddof=1).sum() for context in range(4)]
    true = 1.0 - (source.truth**2).sum(axis=1)
    assert source.variance() == pytest.approx(np.mean(each) / true.mean())


def test_tails_are_the_rarest_symbols_and_their_mass_goes_when_samples_sharpen() -> None:
    source = build(samples=40_000)
    rare = tails(source.truth)
    held = np.where(rare, source.truth, 0.0).sum(axis=1)
    assert (held <= TAIL).all() and (held > TAIL - 0.05).all()
    assert (np.where(rare, source.truth, 0.0).max(axis=1) <= np.where(rare, 1.0, source.truth).min(axis=1)).all()
    masses, variances = [source.tail_mass()], [source.variance()]
    for number in range(1, 6):
        sharper = source.successor(shares(source, 1.0 - 0.1 * number), number, 0.0)
        masses.append(sharper.tail_mass())
        variances.append(sharper.variance())
    assert masses == sorted(masses, reverse=True) and variances == sorted(variances, reverse=True)
    one = source.successor(np.eye(32)[source.truth.argmax(axis=1)], 1, 0.0)
    assert (one.tail_mass(), one.variance()) == (0.0, 0.0)
    rarest = source.successor(np.eye(32)[source.truth.argmin(axis=1)], 1, 0.0)
    assert 0.0 < rarest.tail_mass() < 0.05, "one rare symbol everywhere is not the tail"


def test_variance_falls_as_theory_says_when_a_corpus_copies_itself() -> None:
    """Drift without selection: E[1 − ∑p²] shrinks by (1 − 1/n) in each generation of n samples (Wright and Fisher)."""
    source = build(samples=640, contexts=64, symbols=10, exponent=1.0, val_fraction=0.0)
    after = []
    for trial in range(40):
        current = source
        for number in range(1, 6):
            counts = np.zeros((64, 10))
            np.add.at(counts, (current.context, current.y_train), 1.0)
            current = current.successor(counts / 10.0, 100 * trial + number, 0.0)
        after.append(current.variance())
    assert np.mean(after) / source.variance() == pytest.approx((1 - 1 / 10) ** 5, rel=0.02)
