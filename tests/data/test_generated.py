"""The generated sets: determinism, shapes, geometry against scikit-learn, and the options all kinds share."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from sklearn.datasets import make_circles, make_moons
from sklearn.neighbors import KNeighborsClassifier

from nnlab.data.source import DataError, FixedSource, apply_phase, facts, make
from nnlab.scenario.data import Data

KINDS = ["blobs", "moons", "circles", "spirals", "xor", "sine", "linear"]


def build(seed: int = 0, **options: Any) -> FixedSource:
    data: Data = TypeAdapter(Data).validate_python(options)
    source = make(data, seed, Path(), 32)
    assert isinstance(source, FixedSource)
    return source


@pytest.mark.parametrize("kind", KINDS)
def test_same_arguments_give_the_same_examples_and_another_seed_others(kind: str) -> None:
    first, again, other = build(kind=kind), build(kind=kind), build(1, kind=kind)
    for name in ("x_train", "y_train", "x_val", "y_val", "wrong_labels"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert not np.array_equal(first.x_train, other.x_train)


@pytest.mark.parametrize("kind", KINDS)
def test_shapes_dtypes_and_order(kind: str) -> None:
    source = build(kind=kind, samples=501)
    assert len(source.x_train) == 401 and len(source.x_val) == 100
    assert source.x_train.dtype == source.x_val.dtype == np.float32
    assert source.x_train.shape[1] == len(source.feature_names)
    if source.task == "classification":
        assert source.y_train.dtype == np.int64 and source.y_train.shape == (401,) and source.targets == 0
        assert (np.diff(source.y_train) >= 0).all()
        assert set(source.y_train) == set(range(source.classes)) and len(source.class_names) == source.classes
    else:
        assert source.y_train.dtype == np.float32 and source.y_train.shape == (401, source.targets)
        assert (np.diff(source.y_train[:, 0]) >= 0).all() and source.classes == 0


@pytest.mark.parametrize(
    ("kind", "oracle"),
    [("moons", make_moons(2000, noise=0.05, random_state=1)), ("circles", make_circles(2000, noise=0.05, factor=0.5))],
)
def test_geometry_agrees_with_scikit_learn(kind: str, oracle: tuple[Any, Any]) -> None:
    source = build(kind=kind, noise=0.05)
    accuracy = KNeighborsClassifier(5).fit(*oracle).score(source.x_train, source.y_train)
    assert accuracy > 0.99
    distance, _ = KNeighborsClassifier(1).fit(source.x_train, source.y_train).kneighbors(oracle[0])
    assert np.quantile(distance, 0.99) < 0.15


def test_spirals_xor_and_linear_follow_their_formulas() -> None:
    arms = build(kind="spirals", classes=3, turns=1.0, noise=0.0)
    radius, angle = np.hypot(*arms.x_train.T), np.arctan2(arms.x_train[:, 1], arms.x_train[:, 0])
    away = (angle / (2 * np.pi) - (radius - 0.2) / 1.8 - arms.y_train / 3) % 1.0
    assert np.minimum(away, 1.0 - away).max() < 1e-5
    square = build(kind="xor")
    np.testing.assert_array_equal(square.y_train, (square.x_train.prod(axis=1) < 0).astype(np.int64))
    plain = build(kind="linear", noise=0.0, features=6, informative=2, outputs=3, samples=2000)
    fitted, residual, *_ = np.linalg.lstsq(plain.x_train, plain.y_train, rcond=None)
    assert residual.max() < 1e-6 and np.abs(fitted[2:]).max() < 1e-6
    np.testing.assert_allclose(plain.y_train.std(axis=0), 1.0, atol=0.1)


def test_more_informative_features_than_features_is_an_error() -> None:
    with pytest.raises(DataError, match="informative = 5"):
        build(kind="linear", features=3, informative=5)


@settings(max_examples=30, deadline=None)
@given(low=st.floats(0, 1), high=st.floats(0, 1), kind=st.sampled_from(["blobs", "linear"]))
def test_label_noise_hits_its_share_and_is_nested(low: float, high: float, kind: str) -> None:
    low, high = sorted((low, high))
    source = build(kind=kind, samples=250)
    n = len(source.x_train)
    wrong_low = (source.noisy(low) != source.clean_labels).reshape(n, -1).any(axis=1)
    wrong_high = (source.noisy(high) != source.clean_labels).reshape(n, -1).any(axis=1)
    assert abs(wrong_low.sum() - low * n) <= 1
    assert not (wrong_low & ~wrong_high).any()
    np.testing.assert_array_equal(source.noisy(low)[wrong_low], source.noisy(high)[wrong_low])


def test_label_noise_of_the_scenario_spares_validation_and_uses_all_other_classes() -> None:
    clean, noisy = build(kind="blobs", samples=4000), build(kind="blobs", samples=4000, label_noise=0.5)
    np.testing.assert_array_equal(noisy.clean_labels, clean.y_train)
    np.testing.assert_array_equal(noisy.y_val, clean.y_val)
    zero = noisy.y_train[noisy.clean_labels == 0]
    assert np.allclose(np.bincount(zero, minlength=3) / len(zero), [0.5, 0.25, 0.25], atol=0.05)


def test_imbalance_thins_the_training_classes_geometrically() -> None:
    source = build(kind="blobs", classes=3, samples=3000, imbalance=100.0)
    counts = np.bincount(source.y_train)
    assert counts[0] == pytest.approx(100 * counts[2], rel=0.1) and counts[1] == pytest.approx(counts[0] / 10, rel=0.1)
    assert np.bincount(source.y_val).min() > 150
    assert facts(source)["majority_share"] == pytest.approx(counts[0] / counts.sum())
    with pytest.raises(DataError, match="imbalance needs classes"):
        build(kind="sine", imbalance=2.0)


def test_standardize_uses_the_training_set() -> None:
    source = build(kind="blobs", features=4, standardize=True)
    np.testing.assert_allclose(source.x_train.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(source.x_train.std(axis=0), 1.0, atol=1e-5)
    assert np.abs(source.x_val.mean(axis=0)).max() > 1e-4


def test_no_validation_when_none_is_held_out_and_at_least_one_row_otherwise() -> None:
    none = build(kind="moons", val_fraction=0.0)
    assert none.x_val.shape == (0, 2) and none.y_val.shape == (0,) and len(none.x_train) == 1000
    tiny = build(kind="xor", samples=4, val_fraction=0.01)
    assert len(tiny.x_val) == 1 and len(tiny.x_train) == 3


def test_phase_restricts_training_and_moves_all_inputs() -> None:
    source = build(kind="blobs", classes=4, label_noise=0.2)
    phase = apply_phase(source, classes=(1, 3), shift=2.0, scale=3.0)
    assert set(phase.clean_labels) == {1, 3} and phase.classes == 4
    np.testing.assert_array_equal(phase.noisy(0.2), phase.y_train)
    np.testing.assert_array_equal(phase.y_val, source.y_val)
    np.testing.assert_allclose(phase.x_val, 3 * source.x_val + 2 * source.x_train.std(axis=0), rtol=1e-4)
    with pytest.raises(DataError, match="class 7"):
        apply_phase(source, classes=(7,))
    with pytest.raises(DataError, match="task is regression"):
        apply_phase(build(kind="sine"), classes=(0,))


def test_facts_measure_what_they_say() -> None:
    source = build(kind="blobs", classes=2, samples=1000)
    x = source.x_train
    known = facts(source, input_scale=10.0, shuffle=False)
    assert known["feature_std_max"] == pytest.approx(10 * x.std(axis=0).max(), rel=1e-5)
    assert known["feature_abs_max"] == pytest.approx(10 * np.abs(x).max())
    assert known["label_runs"] > 150
    assert facts(source)["label_runs"] == 1.0
    rng = np.random.default_rng(0)
    shuffled = apply_phase(source)
    order = rng.permutation(len(x))
    mixed = FixedSource(**{**vars(shuffled), "y_train": source.y_train[order]})
    assert facts(mixed, shuffle=False)["label_runs"] == pytest.approx(1.0, abs=0.1)
    wave = facts(build(kind="sine", noise=0.0, samples=5000))
    assert wave["target_std"] == pytest.approx(np.sqrt(0.5), abs=0.02) and wave["target_max"] == pytest.approx(
        1, abs=0.01
    )


def test_probe_rows_are_spread_over_the_sorted_set() -> None:
    source = build(kind="blobs", classes=4, samples=1000)
    rows = source.probe_rows(256)
    assert len(set(rows)) == 256 and np.bincount(source.y_train[rows]).min() > 40
    np.testing.assert_array_equal(rows, source.probe_rows(256))
    assert len(source.probe_rows(10_000)) == 800


def test_targets_are_scaled_by_what_the_training_rows_say() -> None:
    plain, scaled = (build(kind="linear", samples=200, outputs=2, standardize_targets=flag) for flag in (False, True))
    mean, std = plain.y_train.mean(axis=0), plain.y_train.std(axis=0)
    np.testing.assert_allclose(scaled.y_train, (plain.y_train - mean) / std, atol=1e-5)
    np.testing.assert_allclose(scaled.y_val, (plain.y_val - mean) / std, atol=1e-5)
    np.testing.assert_array_equal(scaled.x_train, plain.x_train)
    with pytest.raises(DataError, match="needs numbers to reach, but the task is classification"):
        build(kind="moons", standardize_targets=True)


def test_oversampling_repeats_the_rare_rows_until_the_classes_are_even() -> None:
    skewed, even = (build(kind="blobs", samples=300, imbalance=8.0, oversample=flag) for flag in (False, True))
    counts = np.bincount(even.y_train)
    assert counts.tolist() == [np.bincount(skewed.y_train).max()] * 3
    for number in range(3):
        rows, times = np.unique(even.x_train[even.y_train == number], axis=0, return_counts=True)
        np.testing.assert_array_equal(rows, np.unique(skewed.x_train[skewed.y_train == number], axis=0))
        assert times.max() - times.min() <= 1
    np.testing.assert_array_equal(even.x_val, skewed.x_val)
