"""Whether the outputs fit the loss and the targets: what the loss could be at best, and at the start."""

import math
from typing import Any

import torch
from torch import Tensor

from nnlab.engine.batches import Batch
from nnlab.engine.experiments.batch import constant_loss, rows_of
from nnlab.engine.models.activations import CAN_DIE
from nnlab.engine.models.mlp import Tap
from nnlab.engine.objectives import supervised
from nnlab.engine.objectives.supervised import INDEXED
from nnlab.engine.tasks import Supervised, Task
from nnlab.scenario.model import Activation
from nnlab.wire.experiments import Check

FLOOR = 0.1
"""Share of the constant guess's loss that perfect outputs may still cost."""
SURE = 30.0
"""Input of the output activation that makes every squashing one saturate."""
SILENT = 1e-4
"""Largest activation of a last hidden layer that float32 outputs no longer show."""
LOUD = 4.0
"""First loss over the constant guess's (FAILURE_MODES §2, bad-init)."""
RANGES: dict[Activation, tuple[float, float]] = {
    "relu": (0.0, math.inf), "sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0),
    "exponential": (0.0, math.inf), "elu": (-1.0, math.inf), "selu": (-1.7581, math.inf), "gelu": (-0.17, math.inf),
}  # fmt: skip
"""Lowest and highest value of the activations that have a bound."""


def reaches_zero(task: Task, batch: Any) -> Check:
    """The loss of the best outputs that this output activation can give is about zero.

    It is not with a softmax too many, a softmax over one unit, or an activation that cannot reach the targets.
    """
    if not isinstance(task, Supervised):
        return Check("loss-can-reach-zero", "skipped", "embeddings have no outputs to check")
    with torch.no_grad():
        outputs = _best_outputs(task, batch)
        best = _reduced(task, task.losses(outputs, batch))
        alone = _reduced(task, supervised.LOSSES[task.objective.kind](outputs, batch.targets, 0.0))
    constant = constant_loss(task, batch)
    share = best / max(constant, 1e-6)
    if share > FLOOR:
        between = alone < 0.5 * best
        why = "a softmax stands between the outputs and the loss" if between else _why(task, batch)
        text = f"even perfect outputs cost {best:.3g}, {share:.0%} of a constant guess: {why}"
        mode = "double_softmax" if between else "objective-mismatch"
        return Check("loss-can-reach-zero", "wrong", text, share, FLOOR, "out", mode)
    return Check("loss-can-reach-zero", "ok", f"perfect outputs would cost {best:.2g}", share, FLOOR)


def outputs_differ(task: Task, batch: Any) -> Check:
    """Different inputs give different outputs; if not, the first layer that makes them one is named."""
    name = "outputs-differ"
    taps: list[Tap] = []
    with torch.no_grad():
        outputs = task.measure(batch, 0.0, taps)[0]
    table = outputs if isinstance(outputs, Tensor) else outputs[0]
    if rows_of(batch) == 1 or not bool((table == table[0]).all()):
        spread = float(table.std(dim=0, correction=0).max())
        return Check(name, "ok", f"outputs from {float(table.min()):.3g} to {float(table.max()):.3g}", spread, 0.0)
    targets = f", targets {float(batch.targets.min()):.3g} … {float(batch.targets.max()):.3g}" \
        if isinstance(batch, Batch) else ""  # fmt: skip
    text = f"all {rows_of(batch)} inputs give the same output {table[0].flatten()[0]:.4g}{targets}"
    first = next(tap for tap in taps if bool((tap.activation == tap.activation[0]).all()))
    signal = float(taps[-2].activation.abs().max()) if len(taps) > 1 else 1.0
    if first is taps[-1] and signal < SILENT:
        text = f"{text}: the signal has died away, {taps[-2].layer} gives at most {signal:.1g}"
        return Check(name, "wrong", text, signal, SILENT, taps[-2].layer, "vanishing-gradients")
    if first is taps[-1]:
        return Check(name, "wrong", text, 0.0, 0.0, first.layer, "objective-mismatch")
    dead = first.kind in CAN_DIE and not bool(first.activation.any())
    mode, how = ("dead-units", "all of its units are dead") if dead else ("saturated-units", "it no longer varies")
    return Check(name, "wrong", f"{text}: {first.layer} makes them one, {how}", 0.0, 0.0, first.layer, mode)


def first_loss(task: Task, batch: Any) -> Check:
    """The first loss is near that of a constant guess, as with small unsure outputs (Karpathy: verify loss at init)."""
    with torch.no_grad():
        loss = float(task.loss(task.forward(batch), batch))
    constant = constant_loss(task, batch)
    if not math.isfinite(loss):
        return Check("loss-is-finite", "wrong", f"the first loss is {loss}", loss, math.inf, mode="nonfinite")
    reference = constant
    if isinstance(task, Supervised) and isinstance(batch, Batch) and batch.targets.is_floating_point():
        # Targets away from zero: outputs begin near zero, which is no fault of the initialisation.
        with torch.no_grad():
            reference = max(constant, _reduced(task, task.losses(torch.zeros_like(batch.targets), batch)))
    ratio = loss / max(reference, 1e-6)
    text = f"first loss {loss:.4g}, a constant guess costs {constant:.4g}"
    if ratio > LOUD:
        return Check("first-loss", "wrong", f"{text}: the initial outputs are huge", ratio, LOUD, mode="bad-init")
    return Check("first-loss", "ok", text, ratio, LOUD)


def _best_outputs(task: Supervised, batch: Batch) -> Tensor:
    """The outputs nearest to right that the output activation can give [batch, width]."""
    function, kind, targets = task.network.functions[-1], task.network.kinds[-1], batch.targets
    width = task.network.linears[-1].out_features
    if task.classes == 0 and not task.multilabel:
        low, high = RANGES.get(kind, (-math.inf, math.inf))
        return _on_simplex(targets) if kind == "softmax" else targets.clamp(low, high)
    if task.objective.kind in INDEXED and not targets.is_floating_point():
        sure = torch.full((len(targets), width), -SURE, device=targets.device)
        return function(sure.scatter(1, targets.unsqueeze(1), SURE))
    return function((2.0 * targets - 1.0) * SURE)


def _on_simplex(targets: Tensor) -> Tensor:
    """The nearest rows [n, width] that a softmax can give: at least 0, sum 1 (Duchi et al. 2008)."""
    descending = targets.sort(dim=1, descending=True).values
    over = (descending.cumsum(dim=1) - 1.0) / torch.arange(1, targets.shape[1] + 1, device=targets.device)
    last = (descending > over).sum(dim=1, keepdim=True).clamp_min(1) - 1
    return (targets - over.gather(1, last)).clamp_min(0.0)


def _reduced(task: Supervised, losses: Tensor) -> float:
    return float(losses.sum() if task.objective.reduction == "sum" else losses.mean())


def _why(task: Supervised, batch: Batch) -> str:
    kind, width = task.network.kinds[-1], task.network.linears[-1].out_features
    if kind == "softmax" and width == 1:
        return "a softmax over one unit is always 1"
    low, high = RANGES.get(kind, (-math.inf, math.inf))
    bounded = f"{kind} gives {low:g} to {high:g}" if kind in RANGES else "the outputs have no bound"
    if not batch.targets.is_floating_point():
        return f"{bounded}, but {task.objective.kind} wants unbounded outputs"
    return f"{bounded}, the targets go from {float(batch.targets.min()):.3g} to {float(batch.targets.max()):.3g}"
