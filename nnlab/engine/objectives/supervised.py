"""Losses of outputs against targets, element by element.

Targets come in the objective's own form (see `prepare`): class indices int64 [n] for the cross entropies, otherwise
float32 [n, width].
"""

from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from torch import Tensor

from nnlab.data.fixed import Labels
from nnlab.scenario.training import ObjectiveKind

KERAS_EPSILON = 1e-7
"""Keras clips probabilities to [1e-7, 1 − 1e-7] (keras.config.epsilon())."""

HALVINGS = 50
"""More than a float32 can tell apart."""


class Loss(Protocol):
    """Losses [n] or [n, width]. `weights` [classes] weigh the examples of each class, or [width] the positive targets
    of each output, for the losses that have them (torch: weight, pos_weight)."""

    def __call__(
        self, outputs: Tensor, targets: Tensor, smoothing: float, weights: Tensor | None = None, /
    ) -> Tensor: ...


def cross_entropy(outputs: Tensor, targets: Tensor, smoothing: float, weights: Tensor | None = None) -> Tensor:
    """−log softmax(outputs)[target], per example; float targets [n, width] count as a distribution over outputs."""
    return F.cross_entropy(outputs, targets, weight=weights, reduction="none", label_smoothing=smoothing)


def categorical_cross_entropy(
    outputs: Tensor, targets: Tensor, smoothing: float, weights: Tensor | None = None
) -> Tensor:
    """On probabilities as Keras has it: normalised to sum 1, clipped, −log p[target]; float targets [n, width] count
    as a distribution over outputs."""
    total = outputs.sum(dim=-1, keepdim=True)
    p = (outputs / total).clamp(KERAS_EPSILON, 1.0 - KERAS_EPSILON)
    logs = p.log() if weights is None else p.log() * weights
    if targets.is_floating_point():
        loss = -(targets * logs).sum(dim=-1)
    else:
        loss = -logs.gather(1, targets.unsqueeze(1)).squeeze(1)
    return loss if smoothing == 0.0 else (1.0 - smoothing) * loss - smoothing * logs.mean(dim=-1)


def _smoothed(targets: Tensor, smoothing: float) -> Tensor:
    return targets if smoothing == 0.0 else targets * (1.0 - smoothing) + 0.5 * smoothing


def bce_with_logits(outputs: Tensor, targets: Tensor, smoothing: float, weights: Tensor | None = None) -> Tensor:
    """Binary cross entropy on logits, per element."""
    y = _smoothed(targets, smoothing)
    return F.binary_cross_entropy_with_logits(outputs, y, reduction="none", pos_weight=weights)


def binary_cross_entropy(outputs: Tensor, targets: Tensor, smoothing: float, weights: Tensor | None = None) -> Tensor:
    """Binary cross entropy on probabilities as Keras has it, per element."""
    p = outputs.clamp(KERAS_EPSILON, 1.0 - KERAS_EPSILON)
    y = _smoothed(targets, smoothing)
    present = y * p.log() if weights is None else weights * y * p.log()
    return -(present + (1.0 - y) * (1.0 - p).log())


def mse(outputs: Tensor, targets: Tensor, _: float, __: Tensor | None = None) -> Tensor:
    """Squared error, per element."""
    return (outputs - targets).square()


def mae(outputs: Tensor, targets: Tensor, _: float, __: Tensor | None = None) -> Tensor:
    """Absolute error, per element."""
    return (outputs - targets).abs()


def huber(outputs: Tensor, targets: Tensor, _: float, __: Tensor | None = None) -> Tensor:
    """Huber loss with delta 1, per element."""
    return F.huber_loss(outputs, targets, reduction="none")


def hinge(outputs: Tensor, targets: Tensor, _: float, __: Tensor | None = None) -> Tensor:
    """max(0, 1 − y·output) with y in {−1, 1}, per element."""
    return torch.relu(1.0 - (2.0 * targets - 1.0) * outputs)


LOSSES: dict[ObjectiveKind, Loss] = {
    "cross_entropy": cross_entropy,
    "categorical_cross_entropy": categorical_cross_entropy,
    "bce_with_logits": bce_with_logits,
    "binary_cross_entropy": binary_cross_entropy,
    "mse": mse,
    "mae": mae,
    "huber": huber,
    "hinge": hinge,
}

INDEXED = frozenset({"cross_entropy", "categorical_cross_entropy"})
"""Objectives that want class indices."""


def mean(kind: ObjectiveKind, losses: Tensor, targets: Tensor, weights: Tensor | None) -> Tensor:
    """The mean over elements; class weights of the cross entropies are averaged over, as torch does."""
    if weights is None or kind not in INDEXED:
        return losses.mean()
    return losses.sum() / weights[targets].sum()


def width(kind: ObjectiveKind, classes: int, targets: int) -> int:
    """Outputs that the network needs: one per class for the cross entropies, one for two classes under the others."""
    if classes == 0:
        return targets
    return classes if kind in INDEXED or classes > 2 else 1


def prepare(kind: ObjectiveKind, y: Labels, classes: int) -> Tensor:
    """Targets in the objective's own form: indices, 0/1 columns for classes, or the float targets as they are."""
    if classes == 0:
        return torch.from_numpy(np.ascontiguousarray(y, dtype=np.float32).reshape(len(y), -1))
    indices = torch.from_numpy(np.ascontiguousarray(y, dtype=np.int64))
    if kind in INDEXED:
        return indices
    if classes == 2:
        return indices.float().unsqueeze(1)
    return F.one_hot(indices, classes).float()


def constant_outputs(
    kind: ObjectiveKind, targets: Tensor, classes: int, smoothing: float = 0.0, weights: Tensor | None = None
) -> Tensor:
    """The best outputs [1, width] that ignore the input: class priors, mean, median; gives the constant-predictor loss.

    Source of its use as the yardstick of learning: FAILURE_MODES §1 (`rel_gain`), Karpathy's recipe "init well".
    """
    if kind in INDEXED:
        if targets.is_floating_point():
            shares = targets.mean(dim=0)
        else:
            shares = torch.bincount(targets, minlength=classes).float() / max(1, len(targets))
        prior = shares * (1.0 - smoothing) + smoothing / len(shares)
        if weights is not None:
            prior = prior * weights / (prior * weights).sum()
        return (prior.clamp_min(1e-30).log() if kind == "cross_entropy" else prior).unsqueeze(0)
    mean = targets.mean(dim=0, keepdim=True)
    match kind:
        case "bce_with_logits":
            return torch.logit(_leaning(_smoothed(mean, smoothing), weights), eps=1e-7)
        case "binary_cross_entropy":
            return _leaning(_smoothed(mean, smoothing), weights)
        case "mae":
            return targets.median(dim=0, keepdim=True).values
        case "huber":
            return _huber_centre(targets)
        case "hinge":
            return torch.where(mean >= 0.5, 1.0, -1.0)
        case _:
            return mean


def _leaning(mean: Tensor, weights: Tensor | None) -> Tensor:
    """The best constant probability of targets of this mean when positive ones count `weights` times."""
    return mean if weights is None else weights * mean / (weights * mean + 1.0 - mean)


def _huber_centre(targets: Tensor) -> Tensor:
    """Where the residuals of each column, clipped to ±1, balance [1, width]: found by halving an interval."""
    low, high = targets.min(dim=0, keepdim=True).values, targets.max(dim=0, keepdim=True).values
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        too_low = (targets - middle).clamp(-1.0, 1.0).sum(dim=0, keepdim=True) > 0.0
        low, high = torch.where(too_low, middle, low), torch.where(too_low, high, middle)
    return 0.5 * (low + high)


def labels(targets: Tensor, classes: int) -> Tensor:
    """The class of each row, int64 [n], from the targets of any objective on `classes` classes."""
    if not targets.is_floating_point():
        return targets
    return targets.argmax(dim=1) if classes > 2 else (targets[:, 0] > 0.5).long()


def correct(kind: ObjectiveKind, outputs: Tensor, targets: Tensor, classes: int) -> tuple[Tensor, Tensor]:
    """Predicted and true class indices [n]; for several 0/1 targets, predicted and true 0/1 entries [n · width]."""
    if kind in INDEXED:
        return outputs.argmax(dim=1), targets
    if classes > 2:
        return outputs.argmax(dim=1), targets.argmax(dim=1)
    threshold = 0.0 if kind in ("bce_with_logits", "hinge") else 0.5
    return (outputs > threshold).long().flatten(), (targets > 0.5).long().flatten()
