"""Short trainings from the current state: how far they get, with real inputs and with none, at this rate or another."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch

from nnlab.engine.batches import Batch
from nnlab.engine.experiments.copies import at_rate, copy_of, train
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.tasks import Retrieval, Task
from nnlab.engine.training import Training
from nnlab.engine.triplets import TripletBatch
from nnlab.wire.experiments import Check

STEPS, RETRIEVAL_STEPS = 200, 60
PIECE = 20
SLOWER = 4
"""Times as many more steps for a training that shows nothing yet."""
USES = 0.02
"""Share of a constant guess's loss by which real inputs must beat zeroed ones."""


@dataclass(frozen=True, slots=True)
class Taster:
    """Training losses of a short training, and the probe's loss before and after; `end` is the trained copy."""

    losses: tuple[float, ...]
    first: float
    last: float
    end: Training


def taste(training: Training, lr: float | None = None, zero_inputs: bool = False) -> Taster:
    """Train a copy for a while, at the constant rate `lr` or as it would go on. `training` stays as it was."""
    copy = copy_of(training)
    if zero_inputs:
        copy.task = blind(copy.task)
    if lr is not None:
        at_rate(copy, lr)
    first = _probe_loss(copy.task)
    losses: list[float] = []
    with same_random_state(training.parameters.values.device):
        while len(losses) < length(training) and all(map(math.isfinite, losses[-1:])):
            losses += train(copy, PIECE)
    return Taster(tuple(losses), first, _probe_loss(copy.task), copy)


def longer(short: Taster, times: int) -> Taster:
    """The same training after `times` as many more steps, within its plan."""
    end = short.end
    left = min(times * len(short.losses), end.planned_steps - len(short.losses))
    with same_random_state(end.parameters.values.device):
        losses = [loss for _ in range(max(0, left) // PIECE) for loss in train(end, PIECE)]
    return Taster((*short.losses, *losses), short.first, _probe_loss(end.task), end)


def length(training: Training) -> int:
    """Steps of a taster: a recurrent encoder's are some thirty times dearer."""
    steps = RETRIEVAL_STEPS if isinstance(training.task, Retrieval) else STEPS
    return min(steps, max(PIECE, training.planned_steps))


def uses_inputs(real: Taster, blind: Taster, constant: float) -> Check:
    """The zero-input baseline (Karpathy): a model that sees its inputs must do better than one that does not."""
    gain = (blind.last - real.last) / max(constant, 1e-6)
    steps = len(real.losses)
    text = f"after {steps} steps the loss is {real.last:.4g}, with all inputs zeroed {blind.last:.4g}"
    if not gain >= USES:
        return Check("inputs-matter", "wrong", f"{text}: the inputs bring nothing", gain, USES, mode="underfitting")
    return Check("inputs-matter", "ok", text, gain, USES)


def blind(task: Task) -> "Altered":
    """The task with all inputs zero (every token the first word) and its labels as they are."""
    return Altered(task, lambda: _blank(task.next()), lambda: _blank(task.probe()))


class Altered:
    """A task whose batches and probe are drawn in another way."""

    def __init__(self, task: Task, draw: Callable[[], Any], probe: Callable[[], Any]) -> None:
        """Network, loss and switches are those of `task`."""
        self.task, self.next, self.probe = task, draw, probe
        self.network, self.batches = task.network, task.batches
        self.dropout, self.stale_batch = task.dropout, task.stale_batch
        self.forward, self.loss, self.measure = task.forward, task.loss, task.measure
        self.part, self.detach = task.part, task.detach


def _blank(batch: Batch | TripletBatch) -> Batch | TripletBatch:
    if isinstance(batch, Batch):
        return Batch(torch.zeros_like(batch.inputs), batch.targets)
    negatives = None if batch.negatives is None else torch.zeros_like(batch.negatives)
    return replace(
        batch, queries=torch.zeros_like(batch.queries), positives=torch.zeros_like(batch.positives),
        negatives=negatives,
    )  # fmt: skip


def _probe_loss(task: Task) -> float:
    with torch.no_grad():
        return float(task.measure(task.probe())[1])
