"""The batch of the one-batch test: which rows, what a constant guess costs on them, and when they count as fitted."""

import math
from typing import Any

import torch

from nnlab.engine.batches import Batch
from nnlab.engine.objectives import retrieval, supervised
from nnlab.engine.tasks import Retrieval, Supervised, Task

ROWS = 32
"""Few enough for any sensible model to learn by heart (Karpathy, A Recipe for Training Neural Networks, 2019)."""
LEAST = 8
"""Fewer rows are fitted by anything: smaller batches are put together."""
FITTED = 0.02
"""Share of the constant guess's loss that counts as about zero."""
ALL_RIGHT = 0.3
"""The same where every prediction is right: the loss of a classifier only creeps to zero. A softmax too many keeps it
above 0.45 (two classes: ln(1 + 1/e) / ln 2)."""


def pick(task: Task) -> Any:
    """Rows as the next steps would train on them; spread over the probe where those are all of one class."""
    batch = task.next()
    if not isinstance(batch, Batch):
        return task.part(batch, ROWS)
    while len(batch.inputs) < LEAST:
        more = task.next()
        batch = Batch(torch.cat((batch.inputs, more.inputs)), torch.cat((batch.targets, more.targets)))
    batch = task.part(batch, ROWS)
    if bool((batch.targets == batch.targets[0]).all()):
        probe = task.probe()
        index = torch.linspace(0, len(probe.inputs) - 1, min(ROWS, len(probe.inputs))).long().to(probe.inputs.device)
        batch = Batch(probe.inputs[index], probe.targets[index])
    return batch


def pair(task: Task, batch: Any) -> Any:
    """Two rows of the batch with different targets where it has them: even a linear model can tell those apart."""
    if not isinstance(batch, Batch):
        return task.part(batch, 2)
    other = (batch.targets != batch.targets[0]).reshape(len(batch.targets), -1).any(dim=1).int().argmax()
    index = torch.stack((torch.zeros_like(other), other if other else torch.ones_like(other)))
    return Batch(batch.inputs[index], batch.targets[index])


def rows_of(batch: Any) -> int:
    """Rows of a batch."""
    return len(batch.inputs) if isinstance(batch, Batch) else len(batch.queries)


def constant_loss(task: Task, batch: Any) -> float:
    """Training loss of the best outputs that ignore the input, on this batch, without smoothing."""
    rows = rows_of(batch)
    if isinstance(task, Retrieval):
        loss = retrieval.constant_loss(task.objective.kind, float(task.margin), rows)
        return loss * (rows if task.objective.reduction == "sum" else 1)
    assert isinstance(task, Supervised)
    kind = task.objective.kind
    outputs = supervised.constant_outputs(kind, batch.targets, task.classes)
    losses = supervised.LOSSES[kind](outputs.expand(rows, -1), batch.targets, 0.0)
    return float(losses.sum() if task.objective.reduction == "sum" else losses.mean())


def floor_of(task: Retrieval, rows: int) -> float:
    """Loss of perfectly placed unit embeddings: a bounded similarity keeps soft losses above zero."""
    if task.objective.distance != "cosine":
        return 0.0
    temperature, margin = float(task.temperature), float(task.margin)
    match task.objective.kind:
        case "triplet":
            loss = max(0.0, margin - 2.0)
        case "contrastive":
            apart = 1.0 + 1.0 / max(1, rows - 1)
            loss = math.log1p((rows - 1) * math.exp(-apart / temperature))
        case _:
            loss = math.log1p(math.exp(-2.0 / temperature))
    return loss * (rows if task.objective.reduction == "sum" else 1)


def accuracy(task: Task, batch: Any) -> float:
    """Share of right predictions in training mode without dropout; of triplets in the right order; NaN: regression."""
    with torch.no_grad():
        outputs = task.forward(batch)
    if isinstance(task, Retrieval):
        query, positive, negative = outputs
        distance = task.objective.distance
        near = retrieval.similarity(query, positive, distance)
        return float((near > retrieval.similarity(query, negative, distance)).float().mean())
    assert isinstance(task, Supervised)
    if task.classes == 0 and not task.multilabel:
        return math.nan
    predicted, true = supervised.correct(task.objective.kind, outputs, batch.targets, task.classes)
    return float((predicted == true).float().mean())


def fitted(task: Task, batch: Any, loss: float, constant: float) -> bool:
    """Whether the batch is learned by heart."""
    floor = floor_of(task, rows_of(batch)) if isinstance(task, Retrieval) else 0.0
    share = (loss - floor) / max(constant - floor, 1e-6)
    return share <= FITTED or (share <= ALL_RIGHT and accuracy(task, batch) == 1.0)
