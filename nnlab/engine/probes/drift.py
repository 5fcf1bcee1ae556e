"""Drift of a stream: the recent window against the reference, and Page–Hinkley on the training loss."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnlab.engine.probes.layers import Measured
from nnlab.engine.probes.mmd import mmd

BINS = 10
"""Quantile bins of the population stability index, the convention of credit scoring."""
PH_DELTA = 0.2
"""Tolerated rise of the standardised loss in standard deviations; rises below it do not accumulate (Page 1954)."""
PH_WARMUP = 50
"""Steps that set the loss's own mean and spread before deviations count; river's PageHinkley waits 30."""
PH_FORGET = 0.995
"""Per-step memory of the mean and spread the loss is standardised with."""


def measure_drift(reference: NDArray[np.float32], recent: NDArray[np.float32], step: int) -> Measured:
    """KS distance of the worst feature, its Bonferroni-corrected p, the largest PSI, and MMD² over all features with
    its p. Both [rows, features]; `step` picks the rows that MMD compares.
    """
    distances = [ks_distance(reference[:, i], recent[:, i]) for i in range(reference.shape[1])]
    worst = max(distances)
    discrepancy, chance = mmd(reference, recent, step)
    effective = len(reference) * len(recent) / (len(reference) + len(recent))
    return {
        "drift/ks": worst,
        "drift/p": min(1.0, ks_p_value(worst, effective) * len(distances)),
        "drift/psi": max(psi(reference[:, i], recent[:, i]) for i in range(reference.shape[1])),
        "drift/mmd": discrepancy,
        "drift/mmd_p": chance,
    }


def ks_distance(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Largest difference of the two empirical distribution functions."""
    a, b = np.sort(a), np.sort(b)
    everything = np.concatenate((a, b))
    below_a = np.searchsorted(a, everything, side="right") / len(a)
    below_b = np.searchsorted(b, everything, side="right") / len(b)
    return float(np.linalg.norm(below_a - below_b, ord=np.inf))


def ks_p_value(distance: float, effective: float) -> float:
    """Asymptotic two-sided p with Stephens' correction; `effective` is n·m/(n+m)."""
    root = math.sqrt(effective)
    x = (root + 0.12 + 0.11 / root) * distance
    if x < 0.2:
        return 1.0
    total = sum((1.0 if k % 2 else -1.0) * math.exp(-2.0 * (k * x) ** 2) for k in range(1, 101))
    return min(1.0, max(0.0, 2.0 * total))


def psi(reference: NDArray[np.float32], recent: NDArray[np.float32]) -> float:
    """Population stability index over the reference's quantile bins; half a count stands in for an empty bin."""
    edges = np.quantile(reference, np.linspace(0.0, 1.0, BINS + 1)[1:-1])
    expected = np.bincount(np.searchsorted(edges, reference), minlength=BINS).clip(0.5) / len(reference)
    actual = np.bincount(np.searchsorted(edges, recent), minlength=BINS).clip(0.5) / len(recent)
    return float(((actual - expected) * np.log(actual / expected)).sum())


@dataclass(slots=True)
class PageHinkley:
    """Accumulated rise of the standardised loss above what is usual; high means that the loss has shifted up.

    Page 1954; the loss is standardised with a forgetting mean and spread so that the statistic has no unit.
    """

    seen: int = 0
    mean: float = 0.0
    square: float = 0.0
    total: float = 0.0

    def update(self, losses: NDArray[np.float64]) -> float:
        """Feed the losses of consecutive steps; the statistic afterwards, in standard deviations."""
        for loss in losses[np.isfinite(losses)].tolist():
            self.seen += 1
            keep = min(PH_FORGET, 1.0 - 1.0 / self.seen)
            spread = math.sqrt(max(self.square - self.mean**2, 1e-12))
            if self.seen > PH_WARMUP:
                deviation = min(6.0, (loss - self.mean) / spread)
                self.total = max(0.0, self.total + deviation - PH_DELTA)
            self.mean = keep * self.mean + (1.0 - keep) * loss
            self.square = keep * self.square + (1.0 - keep) * loss**2
        return self.total
