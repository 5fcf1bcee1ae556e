"""Streams: random access, the course of a drift, and that it hurts and can be learned anew."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp
from sklearn.neighbors import KNeighborsClassifier

from nnlab.data.source import DataError, StreamSource, facts, make
from nnlab.scenario.data import Stream

DRIFTS = ["mean-shift", "rotation", "scale"]
LATE = 10_000


def build(seed: int = 0, **options: Any) -> StreamSource:
    source = make(Stream(kind="stream", **options), seed, Path(), 16)
    assert isinstance(source, StreamSource)
    return source


@settings(max_examples=40, deadline=None)
@given(
    first=st.integers(0, 500),
    cuts=st.lists(st.integers(1, 90), min_size=1, max_size=4),
    options=st.fixed_dictionaries(
        {
            "drift": st.sampled_from(DRIFTS),
            "affects": st.sampled_from(["covariate", "concept"]),
            "course": st.sampled_from(["sudden", "gradual", "recurring"]),
        }
    ),
    replay=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_any_split_into_blocks_gives_the_same_rows(
    first: int, cuts: list[int], options: dict[str, Any], replay: float
) -> None:
    options = {**options, "start_step": 100, "duration": 70, "features": 3}
    whole_x, whole_y = build(**options).block(first, sum(cuts), 1.5, replay)
    other, start = build(**options), first
    parts = []
    for cut in cuts:
        parts.append(other.block(start, cut, 1.5, replay))
        start += cut
    np.testing.assert_array_equal(whole_x, np.concatenate([x for x, _ in parts]))
    np.testing.assert_array_equal(whole_y, np.concatenate([y for _, y in parts]))
    assert whole_x.dtype == np.float32 and whole_x.shape == (sum(cuts), 16, 3) and whole_y.dtype == np.int64


@pytest.mark.parametrize("affects", ["covariate", "concept"])
@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize(("classes", "features"), [(2, 2), (2, 10), (5, 10), (3, 100)])
def test_drift_hurts_and_can_be_learned_anew(affects: str, drift: str, classes: int, features: int) -> None:
    source = build(affects=affects, drift=drift, classes=classes, features=features)
    old = KNeighborsClassifier(5).fit(*source.reference)
    assert old.score(*source.validation(0, 1.0)) > 0.97
    for strength in (1.0, 2.0, 3.0):
        assert old.score(*source.validation(LATE, strength)) < 0.9
    x, y = source.block(LATE, 100, 1.0, 0.0)
    new = KNeighborsClassifier(5).fit(x.reshape(-1, features), y.ravel())
    assert new.score(*source.validation(LATE, 1.0)) > 0.97


@pytest.mark.parametrize("drift", DRIFTS)
def test_covariate_drift_moves_inputs_and_concept_drift_labels_alone(drift: str) -> None:
    moved = build(affects="covariate", drift=drift)
    (x0, y0), (x1, y1) = moved.block(500, 40, 0.0, 0.0), moved.block(500, 40, 1.0, 0.0)
    np.testing.assert_array_equal(y0, y1)
    assert max(ks_2samp(x0[..., j].ravel(), x1[..., j].ravel()).statistic for j in range(10)) > 0.2
    renamed = build(affects="concept", drift=drift)
    (x0, y0), (x1, y1) = renamed.block(500, 40, 0.0, 0.0), renamed.block(500, 40, 1.0, 0.0)
    np.testing.assert_array_equal(x0, x1)
    assert (y0 != y1).mean() > 0.2
    assert np.allclose(np.bincount(y1.ravel()) / y1.size, 0.5, atol=0.08)


def test_drifts_are_as_strong_as_they_say() -> None:
    shifted = build(drift="mean-shift", noise=0.5)
    (x0, _), (x1, _) = shifted.validation(LATE, 0.0), shifted.validation(LATE, 2.0)
    np.testing.assert_allclose(np.abs((x1 - x0).mean(axis=0)), 2.0 * np.sqrt(1.25), rtol=1e-4)
    np.testing.assert_allclose(shifted.reference[0].std(axis=0), np.sqrt(1.25), rtol=0.1)
    scaled = build(drift="scale")
    (x0, _), (x1, _) = scaled.validation(LATE, 0.0), scaled.validation(LATE, 1.5)
    np.testing.assert_allclose(x1, np.exp(1.5) * x0, rtol=1e-5)
    turned = build(drift="rotation", features=2, noise=0.0)
    (x0, _), (x1, _) = turned.validation(LATE, 0.0), turned.validation(LATE, 1.0)
    cosine = (x0 * x1).sum(axis=1) / np.linalg.norm(x0, axis=1) / np.linalg.norm(x1, axis=1)
    np.testing.assert_allclose(cosine, np.cos(1.0), atol=1e-4)


def test_courses() -> None:
    sudden = build(start_step=100)
    assert [sudden.active(s) for s in (0, 99, 100, 9999)] == [0, 0, 1, 1] and sudden.onsets(101) == [100]
    assert sudden.onsets(100) == []
    gradual = build(course="gradual", start_step=100, duration=50)
    assert [gradual.active(s) for s in (99, 100, 124, 149, 500)] == [0, 0.02, 0.5, 1, 1]
    recurring = build(course="recurring", start_step=100, duration=50)
    assert [recurring.active(s) for s in (99, 100, 149, 150, 199, 200)] == [0, 1, 1, 0, 0, 1]
    assert recurring.onsets(301) == [100, 200, 300]
    still = build(drift="none")
    assert still.active(LATE) == 0 and still.onsets(LATE) == []
    np.testing.assert_array_equal(still.block(LATE, 1, 3.0, 0.0)[0], still.block(LATE, 1, 0.0, 0.0)[0])


def test_replayed_rows_lead_each_batch() -> None:
    source = build()
    before, after = source.block(LATE, 3, 0.0, 0.0)[0], source.block(LATE, 3, 1.0, 0.25)[0]
    np.testing.assert_array_equal(before[:, :4], after[:, :4])
    assert (before[:, 4:] != after[:, 4:]).all()


def test_batch_size_label_noise_imbalance_and_standardize() -> None:
    source = build(classes=4, imbalance=8.0, standardize=True)
    x, y = source.block(0, 100, 0.0, 0.0, batch_size=50)
    assert x.shape == (100, 50, 10)
    counts = np.bincount(y.ravel())
    assert counts[0] / counts[3] == pytest.approx(8, rel=0.25)
    np.testing.assert_allclose(source.reference[0].mean(axis=0), 0.0, atol=1e-3)
    noisy = source.block(0, 100, 0.0, 0.0, batch_size=50, label_noise=0.3)[1]
    assert (noisy != y).mean() == pytest.approx(0.3, abs=0.03) and set(noisy.ravel()) == {0, 1, 2, 3}
    assert facts(source)["feature_std_max"] == pytest.approx(1.0, abs=1e-3)


def test_one_feature_works_but_cannot_rotate() -> None:
    line = build(features=1, noise=0.05)
    assert KNeighborsClassifier(5).fit(*line.reference).score(*line.validation(0, 1.0)) > 0.97
    with pytest.raises(DataError, match="two features"):
        build(features=1, drift="rotation")
