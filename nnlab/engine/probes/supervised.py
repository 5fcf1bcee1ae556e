"""Evaluation of a supervised task: loss, accuracy, recall, R²."""

import torch
from torch import Tensor

from nnlab.engine.objectives.supervised import correct
from nnlab.engine.probes.layers import Measured
from nnlab.engine.tasks import Supervised

VALIDATION_ROWS = 2048
"""At most this many validation rows are evaluated, evenly spaced over all."""


def evaluate_supervised(task: Supervised, dropout: float) -> Measured:
    """Validation series; empty without validation rows. `dropout` above 0 only as the fault eval_dropout."""
    batch = task.batches.validation(VALIDATION_ROWS)
    if batch is None:
        return {}
    with torch.no_grad():
        outputs, loss = task.measure(batch, dropout)
        return {"val/loss": loss} | quality(task, outputs, batch.targets, "val/")


def quality(task: Supervised, outputs: Tensor, targets: Tensor, prefix: str) -> Measured:
    """Accuracy and class balance, or R² for regression; `prefix` begins each name."""
    if task.classes == 0 and not task.multilabel:
        spread = (targets - targets.mean(dim=0)).square().sum().clamp_min(1e-30)
        return {f"{prefix}r2": 1.0 - (outputs - targets).square().sum() / spread}
    predicted, true = correct(task.objective.kind, outputs, targets, task.classes)
    right = (predicted == true).float()
    classes = max(2, task.classes)
    counts = torch.bincount(true, minlength=classes).float()
    hits = torch.bincount(true, weights=right, minlength=classes)
    recall = (hits / counts).nan_to_num(nan=1.0)  # of a class without rows 0/0
    predicted_counts = torch.bincount(predicted, minlength=classes)
    return {
        f"{prefix}accuracy": right.mean(),
        f"{prefix}recall_min": recall.min(),
        f"{prefix}predicted_majority": predicted_counts.max() / len(true),
        f"{prefix}majority": counts.max() / len(true),
    }
