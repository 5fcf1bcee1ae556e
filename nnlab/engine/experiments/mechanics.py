"""Whether the training loop does what it says: the gradient is the loss's own, batches change, evaluation agrees.

Each check compares what the loop did with what must have come of it, whatever the model and the data are.
"""

import math
from dataclasses import fields
from typing import Any

import torch
from torch import Tensor

from nnlab.engine.batches import FixedBatches
from nnlab.engine.experiments.copies import OneBatch, unregularised
from nnlab.engine.probes.layers import flat_gradient
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.probes.retrieval import evaluate_retrieval
from nnlab.engine.probes.supervised import evaluate_supervised
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.engine.training import Training
from nnlab.wire.experiments import Check

STEPS = 3
"""Gradients pile up from the second step on."""
FRESH = 1e-2
"""Relative difference of two computations of one gradient; float32 on any device stays below 1e-4."""


def gradient_is_own(training: Training) -> Check:
    """The gradient that the step updates by is that of the loss on its batch: not flipped, nothing left over."""
    copy = unregularised(training)
    copy.clips_norm = copy.clips_value = False
    task, parameters = copy.task, copy.parameters
    share, worst = 1.0, 0.0
    for _ in range(STEPS):
        copy.task = OneBatch(task, task.next())
        loss = copy.task.loss(copy.task.forward(copy.task.batch), copy.task.batch)
        own = flat_gradient(loss, parameters)
        size = float(own.norm())
        copy.one_step()
        if size > 0.0 and math.isfinite(size):
            share = min(share, float(parameters.grads @ own) / size**2)
            worst = max(worst, float((parameters.grads - own).norm()) / size)
    if share < 0.0:
        text = f"the update climbs the loss: its gradient is {share:.2g} times the loss's own (1 is right)"
        return Check("gradient-is-own", "wrong", text, share, 1.0, mode="flip_gradient")
    if worst > FRESH:
        text = f"the gradient of a step holds what earlier steps left: {worst:.0%} of it is not its own batch's"
        return Check("gradient-is-own", "wrong", text, worst, FRESH, mode="missing_zero_grad")
    return Check("gradient-is-own", "ok", "each step follows the gradient of its own batch", worst, FRESH)


def batches_change(training: Training) -> Check:
    """Two steps in a row train on different examples."""
    task = unregularised(training).task
    if isinstance(task.batches, FixedBatches) and task.batches.steps_per_epoch == 1:
        return Check("batches-change", "skipped", "one batch holds the whole training set")
    first, second = task.next(), task.next()
    same = all(_equal(getattr(first, item.name), getattr(second, item.name)) for item in fields(first))
    if same:
        text = "two steps in a row train on the very same examples: the loader does not move on"
        return Check("batches-change", "wrong", text, 1.0, 0.0, mode="stale_batch")
    return Check("batches-change", "ok", "two steps in a row train on different examples", 0.0, 0.0)


def evaluation_agrees(training: Training, eval_dropout: bool) -> Check:
    """Two evaluations of the same parameters agree, whatever the random state."""
    task = training.task
    dropout = task.dropout if eval_dropout else 0.0
    losses = []
    with same_random_state(training.parameters.values.device):
        for seed in (1, 2):
            torch.manual_seed(seed)
            if isinstance(task, Supervised):
                measured = evaluate_supervised(task, dropout)
            else:
                assert isinstance(task, Retrieval)
                measured = evaluate_retrieval(task, dropout)
            losses.append(float(measured.get("val/loss", math.nan)))
    if math.isnan(losses[0]):
        return Check("evaluation-agrees", "skipped", "nothing is held out, or its loss is not finite")
    if losses[0] != losses[1]:
        text = f"two evaluations of the same weights differ, {losses[0]:.4g} and {losses[1]:.4g}: dropout is still on"
        change = abs(losses[0] - losses[1])
        return Check("evaluation-agrees", "wrong", text, change, 0.0, mode="eval_dropout")
    return Check("evaluation-agrees", "ok", f"two evaluations of the same weights agree: {losses[0]:.4g}", 0.0, 0.0)


def _equal(first: Any, second: Any) -> bool:
    return torch.equal(first, second) if isinstance(first, Tensor) and isinstance(second, Tensor) else first is second
