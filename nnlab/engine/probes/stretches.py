"""What is left of earlier data: accuracy on each stretch of them, backward transfer, and drift of the Fisher matrix."""

import torch
from torch import Tensor

from nnlab.engine.batches import FixedBatches
from nnlab.engine.fisher import fisher
from nnlab.engine.learned import Learned
from nnlab.engine.objectives.supervised import correct
from nnlab.engine.probes.layers import Measured
from nnlab.engine.tasks import Supervised

ROWS = 1024
"""Validation rows of each stretch, at most: the binomial interval at p = 1e-3 is then some five points wide."""


def evaluate_stretches(task: Supervised, learned: Learned) -> Measured:
    """Accuracy on every stretch of the data that has begun, and how it has changed, on average, since each one ended
    (backward transfer, Lopez-Paz and Ranzato 2017). Empty for data of one stretch.
    """
    if not learned.chapter or not isinstance(task.batches, FixedBatches):
        return {}
    now = accuracies(task, task.batches)
    measured: Measured = {f"{learned.chapter}/{index}/accuracy": value for index, value in enumerate(now)}
    if learned.accuracy:
        changes = [value - then for value, then in zip(now, learned.accuracy, strict=False)]
        measured[f"{learned.chapter}/backward_transfer"] = torch.stack(changes).mean()
    return measured


def accuracies(task: Supervised, batches: FixedBatches) -> list[Tensor]:
    """Validation accuracy on each stretch so far, 0-dim each."""
    found = []
    with torch.no_grad():
        for batch in batches.examined(ROWS):
            outputs, _ = task.measure(batch)
            predicted, true = correct(task.objective.kind, outputs, batch.targets, task.classes)
            found.append((predicted == true).float().mean())
    return found


def fisher_drift(task: Supervised, learned: Learned) -> Measured:
    """1 − cosine of the diagonal Fisher information on rows of the last finished stretch, now and as it ended.

    0 while the parameters that those rows rely on are still the same ones, towards 1 as others take their place. Only
    directions are compared, because the Fisher information shrinks as a fit gets better. Empty before the first change.
    """
    if learned.rows is None or learned.reference is None:
        return {}
    similarity = torch.cosine_similarity(fisher(task, learned.rows), learned.reference, dim=0)
    return {"fisher/drift": 1.0 - similarity}
