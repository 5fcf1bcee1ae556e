"""Class weights in the form that an objective wants: torch's `weight` or `pos_weight`."""

import torch
from torch import Tensor

from nnlab.data.errors import DataError
from nnlab.engine.objectives.supervised import INDEXED, width
from nnlab.scenario.training import ObjectiveKind


def class_weights(how: str, kind: ObjectiveKind, targets: Tensor, classes: int) -> Tensor:
    """Weights [classes] for the cross entropies over classes, [outputs] of the positive targets for the others.

    `how` is "balanced", or numbers with commas between. `targets` are the training set's, in the objective's form.
    Raises DataError where the numbers do not fit the classes.
    """
    if how == "balanced":
        return balanced(kind, targets, classes)
    given = [float(part) for part in how.split(",")]
    wanted = width(kind, classes, 0)
    if len(given) != wanted:
        each = "class" if kind in INDEXED else "output"
        raise DataError(f"objective.class_weights: {kind} needs one for each {each}, {wanted} in all, not {len(given)}")
    return torch.tensor(given, device=targets.device)


def balanced(kind: ObjectiveKind, targets: Tensor, classes: int) -> Tensor:
    """By rarity: n / (classes · n_c) as scikit-learn has it; negatives over positives of each output for the others.

    A class without examples counts as if it had one.
    """
    if kind in INDEXED:
        counts = torch.bincount(targets, minlength=classes).clamp_min(1).float()
        return len(targets) / (classes * counts)
    positive = targets.sum(dim=0).clamp_min(1.0)
    return (len(targets) - positive).clamp_min(1.0) / positive
