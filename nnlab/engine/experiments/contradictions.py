"""Identical inputs with different targets: no function can learn those."""

from typing import Any

import numpy as np

from nnlab.engine.batches import Batch
from nnlab.wire.experiments import Check

LIMIT = 0.1
"""Share of the rows that may contradict each other: a few are label noise."""


def contradictions(batch: Any) -> Check:
    """How many rows share their input with a row of another target."""
    if not isinstance(batch, Batch):
        return Check("contradictions", "skipped", "triplets have no labels")
    inputs = batch.inputs.cpu().numpy()
    targets = batch.targets.cpu().numpy().reshape(len(inputs), -1)
    _, group = np.unique(inputs, axis=0, return_inverse=True)
    group = group.reshape(-1)
    low = np.full((group.max() + 1, targets.shape[1]), np.inf)
    high = -low
    np.minimum.at(low, group, targets)
    np.maximum.at(high, group, targets)
    share = float((low != high).any(axis=1)[group].mean())
    if share > LIMIT:
        text = f"{share:.0%} of the rows have the same input as a row with another target"
        return Check("contradictions", "wrong", text, share, LIMIT, mode="label-noise")
    return Check("contradictions", "ok", f"{share:.0%} of the rows contradict another one", share, LIMIT)
