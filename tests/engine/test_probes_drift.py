"""Drift statistics against scipy, by hand, and on the rows that were fed."""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from nnlab.engine.probes import drift, mmd


@pytest.mark.parametrize("shift", [0.0, 0.05, 0.2, 1.0])
def test_ks_and_its_p_value_as_scipy_has_them(shift: float) -> None:
    draw = np.random.default_rng(0)
    a, b = draw.normal(size=700).astype(np.float32), (draw.normal(size=500) + shift).astype(np.float32)
    theirs = stats.ks_2samp(a, b, method="asymp")
    assert drift.ks_distance(a, b) == pytest.approx(theirs.statistic, abs=1e-9)
    effective = 700 * 500 / 1200
    assert drift.ks_p_value(theirs.statistic, effective) == pytest.approx(theirs.pvalue, rel=0.25, abs=1e-12)


def test_ks_with_ties_and_the_corrected_worst_feature() -> None:
    a = np.array([0, 0, 1, 1, 2], dtype=np.float32)
    b = np.array([1, 1, 2, 2, 2, 3], dtype=np.float32)
    assert drift.ks_distance(a, b) == pytest.approx(stats.ks_2samp(a, b).statistic)
    draw = np.random.default_rng(1)
    reference, recent = draw.normal(size=(800, 3)).astype(np.float32), draw.normal(size=(400, 3)).astype(np.float32)
    recent[:, 1] += 0.3
    found = drift.measure_drift(reference, recent, 0)
    single = drift.ks_distance(reference[:, 1], recent[:, 1])
    assert found["drift/ks"] == single
    assert found["drift/p"] == pytest.approx(3 * drift.ks_p_value(single, 800 * 400 / 1200))
    assert found["drift/psi"] == max(drift.psi(reference[:, i], recent[:, i]) for i in range(3))


def plain_mmd(a: Any, b: Any) -> float:
    """Gretton et al. 2012, equation 3, pair by pair, with scikit-learn's kernel."""
    metrics = pytest.importorskip("sklearn.metrics.pairwise")
    pooled = np.concatenate((a, b))
    square = metrics.euclidean_distances(pooled, squared=True)
    gamma = 1.0 / np.median(square[np.triu_indices(len(pooled), 1)])
    own, other, cross = (metrics.rbf_kernel(x, y, gamma=gamma) for x, y in ((a, a), (b, b), (a, b)))
    within = [sum(k[i, j] for i in range(len(k)) for j in range(len(k)) if i != j) for k in (own, other)]
    return float(within[0] / (len(a) * (len(a) - 1)) + within[1] / (len(b) * (len(b) - 1)) - 2 * cross.mean())


@pytest.mark.parametrize(("rows", "others", "shift"), [(60, 60, 0.0), (50, 70, 1.0), (128, 40, 3.0)])
def test_mmd_as_scikit_learns_kernel_has_it(rows: int, others: int, shift: float) -> None:
    draw = np.random.default_rng(2)
    a = draw.normal(size=(rows, 4)).astype(np.float32)
    a = (a / a.std(axis=0)).astype(np.float32)
    b = (draw.normal(size=(others, 4)) + shift).astype(np.float32)
    found, p = mmd.mmd(a, b, 0)
    assert found == pytest.approx(plain_mmd(a.astype(float), b.astype(float)), abs=1e-6)
    assert (p == 1 / 200) == (shift > 0.0)


def test_mmds_p_is_level_without_a_change_and_sees_what_no_feature_shows() -> None:
    draw = np.random.default_rng(3)
    calm = [mmd.mmd(*draw.normal(size=(2, 128, 4)).astype(np.float32), 0)[1] for _ in range(200)]
    assert abs(np.mean(np.array(calm) <= 0.1) - 0.1) < 0.06
    both = np.array([[1.0, 0.8], [0.8, 1.0]])
    reference = draw.multivariate_normal([0.0, 0.0], both, 2048).astype(np.float32)
    twisted = draw.multivariate_normal([0.0, 0.0], both * [[1, -1], [-1, 1]], 512).astype(np.float32)
    found = drift.measure_drift(reference, twisted, 0)
    assert found["drift/p"] > 1e-3
    assert found["drift/mmd_p"] == 1 / 200
    scaled = mmd.mmd(reference * np.float32(1000.0), twisted * np.float32(1000.0), 7)
    assert scaled == pytest.approx(mmd.mmd(reference, twisted, 7), rel=1e-4) != mmd.mmd(reference, twisted, 8)
    assert mmd.mmd(np.ones((9, 2), dtype=np.float32), np.ones((9, 2), dtype=np.float32), 0) == (0.0, 1.0)


def test_psi_by_hand() -> None:
    """Ten bins of a hundred: shares of 10 % each against 55 % in the lowest and 5 % in the others."""
    reference = np.arange(1000, dtype=np.float32)
    few = [np.linspace(100 * i + 10, 100 * i + 90, 5) for i in range(1, 10)]
    recent = np.concatenate([np.linspace(0, 99, 55), *few])
    expected = (0.55 - 0.1) * math.log(5.5) + 9 * (0.05 - 0.1) * math.log(0.5)
    assert drift.psi(reference, recent.astype(np.float32)) == pytest.approx(expected, rel=1e-6)
    assert drift.psi(reference, reference) == 0.0
    empty = drift.psi(reference, np.full(100, -5.0, dtype=np.float32))
    assert empty == pytest.approx((1.0 - 0.1) * math.log(10.0) + 9 * (0.005 - 0.1) * math.log(0.05), rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_page_hinkley_rises_with_a_shift_and_stays_low_without(seed: int) -> None:
    draw = np.random.default_rng(seed)
    quiet, shifted = draw.normal(0.5, 0.1, 2000), draw.normal(0.5, 0.1, 2000)
    shifted[1000:] += 0.2
    calm, alarmed = drift.PageHinkley(), drift.PageHinkley()
    highest = max(calm.update(part) for part in np.split(quiet, 200))
    before = [alarmed.update(part) for part in np.split(shifted[:1000], 100)]
    after = [alarmed.update(part) for part in np.split(shifted[1000:1200], 20)]
    assert highest < 30
    assert max(before) < 30
    assert max(after) > 60


def test_page_hinkley_does_not_depend_on_where_it_is_read() -> None:
    losses = np.random.default_rng(0).normal(1.0, 0.3, 500)
    losses[100] = math.nan
    losses[200] = math.inf
    whole, parts = drift.PageHinkley(), drift.PageHinkley()
    end = whole.update(losses)
    assert [parts.update(part) for part in np.split(losses, [3, 77, 300])][-1] == end
    assert math.isfinite(end)


def test_drift_is_measured_on_the_rows_that_were_fed(kit: Any) -> None:
    """A turned strength or batch size changes what comes, not what has been."""
    made = kit.begin("stream", "data.start_step=0", "data.strength=2.0", "train.steps=100").train(30)
    batches = made.training.task.batches
    fed, labels = batches.recent(512)
    made.run.turn("drift", 0.0, "user", 1)
    made.run.turn("batch_size", 7, "user", 2)
    after, after_labels = batches.recent(512)
    assert np.array_equal(fed, after)
    assert np.array_equal(labels, after_labels)
    seen = [batches.next() for _ in range(3)]
    rows, _ = batches.recent(21)
    assert np.array_equal(np.concatenate([batch.inputs.numpy() for batch in seen]), rows)
    assert batches.fed == 30 * 32 + 21


# --- retrieval ----------------------------------------------------------------------------------------------------
