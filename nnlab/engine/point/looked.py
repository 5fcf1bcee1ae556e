"""The batch of one step, row by row, beside other batches at the same parameters."""

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from nnlab.data.source import FixedSource
from nnlab.engine.batches import FixedBatches
from nnlab.engine.experiments.copies import copy_of
from nnlab.engine.inspections.names import input_names
from nnlab.engine.inspections.samples import row_text
from nnlab.engine.objectives.supervised import correct
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.engine.training import Training
from nnlab.wire.point import BatchRow

OTHERS = 8
"""Batches that would have come next, whose median says what others cost at these parameters."""
WORST = 5
"""Rows told one by one."""
MOST = 0.5
"""Share of the loss that the rows named make up."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looked:
    """Fields as those of `PointAgain`; `loss` and `norm` are the batch's own, without penalties."""

    counted: str
    rows: tuple[int, ...]
    worst: tuple[BatchRow, ...]
    loss: float
    norm: float
    others: tuple[tuple[float, float], ...]
    """Loss and gradient norm of other batches at the same parameters."""

    @property
    def others_loss(self) -> float:
        """Their median loss."""
        return statistics.median(loss for loss, _ in self.others)

    @property
    def others_norm(self) -> float:
        """Their median gradient norm."""
        return statistics.median(norm for _, norm in self.others)


def look(training: Training) -> Looked:
    """Look at the batch that the next step would train on. `training` stays as it was."""
    copy = copy_of(training)
    task: Any = copy.task
    with same_random_state(copy.parameters.values.device):
        batch = task.next()
        counted, rows = _numbered(task, len(batch.queries if isinstance(task, Retrieval) else batch.inputs))
        loss, norm, losses, outputs = _measure(copy, batch)
        texts = _texts(task, batch, outputs)
        task.stale_batch = False
        others = [_measure(copy, task.next())[:2] for _ in range(OTHERS)]
    return Looked(counted, rows, _worst(rows, losses, texts), loss, norm, tuple(others))


def rows(looked: Looked) -> str:
    """In words which rows make up half of the loss, if they are few."""
    whole = list(itertools.accumulate(row.share for row in looked.worst))
    enough = next((count for count, sum_ in enumerate(whole, 1) if not sum_ < MOST), None)
    if enough is None or enough > max(1, len(looked.rows) // 4):
        return "its rows share in it"
    named = ", ".join(str(row.row) for row in looked.worst[:enough])
    one = "query" if looked.counted == "queries" else "row"
    many = looked.counted if looked.counted == "queries" else "rows"
    part = f"{whole[enough - 1]:.0%} of it" if math.isfinite(whole[enough - 1]) else "all of it"
    return f"{one} {named} makes up {part}" if enough == 1 else f"{many} {named} make up {part}"


def _measure(training: Training, batch: Any) -> tuple[float, float, Floats, Any]:
    """Loss and gradient norm of a batch as the step has them, the loss of each row, and the outputs."""
    task: Any = training.task
    training.parameters.grads.zero_()
    outputs = task.forward(batch)
    loss = task.loss(outputs, batch)
    if loss.requires_grad:
        loss.backward()
    with torch.no_grad():
        losses = task.row_losses(outputs, batch).detach().cpu().double().numpy()
        norm = float(torch.linalg.vector_norm(training.parameters.grads))
    return float(loss.detach()), norm, losses, outputs


def _numbered(task: Any, count: int) -> tuple[str, tuple[int, ...]]:
    """What the rows of the batch handed out last are, and their numbers."""
    batches = task.batches
    drawn = batches.drawn()
    if isinstance(task, Retrieval):
        return "queries", tuple(drawn[0].tolist())
    if not isinstance(batches, FixedBatches):
        return "rows of the stream", tuple(drawn.tolist())
    return "training rows", tuple(_original(batches.source, batches.past, drawn[:count]))


def _original(source: FixedSource, past: Sequence[FixedSource], places: NDArray[np.int64]) -> list[int]:
    """Places in the training set as numbers of the rows as they came; leaked validation rows keep their places."""
    before = np.concatenate([source.rows, *(earlier.rows for earlier in past)])
    leaked = places >= len(source.rows)
    found = np.where(places < 0, len(source.rows) - 1 - places, np.where(leaked, 0, places))
    numbers: list[int] = np.where(leaked, places, before[found]).tolist()
    return numbers


def _texts(task: Any, batch: Any, outputs: Any) -> list[str]:
    """Each row in words."""
    if isinstance(task, Retrieval):
        queries, positives, _ = task.batches.drawn()
        source = task.batches.source
        return [
            f"query {query} (topic {source.query_topic[query]}), positive {positive}"
            for query, positive in zip(queries, positives, strict=True)
        ]
    names = input_names(task.batches.source)
    inputs = (batch.inputs / (task.batches.input_scale or 1.0)).detach().cpu().double().numpy()
    said = [text + extra for text, extra in zip(_answers(task, batch, outputs), _strangers(task), strict=True)]
    return [f"{text}; {row_text(names, row)}" for row, text in zip(inputs.reshape(len(inputs), -1), said, strict=True)]


def _strangers(task: Supervised) -> list[str]:
    """What is to be said of rows of the batch handed out last that are not of the present training set."""
    batches, rows = task.batches, task.batches.drawn()
    if not isinstance(batches, FixedBatches):
        return [""] * len(rows)
    own = len(batches.source.rows)
    return [", a validation row" if row >= own else ", replayed" if row < 0 else "" for row in rows.tolist()]


def _answers(task: Supervised, batch: Any, outputs: Any) -> list[str]:
    """What is true of each row, and what the model says."""
    if task.classes:
        predicted, true = correct(task.objective.kind, outputs, batch.targets, task.classes)
        pairs = zip(true.tolist(), predicted.tolist(), strict=True)
        return [f"true {right}, said {answer}" for right, answer in pairs]
    pairs = zip(batch.targets[:, 0].tolist(), outputs[:, 0].tolist(), strict=True)
    return [f"true {right:.4g}, said {answer:.4g}" for right, answer in pairs]


def _worst(rows: Sequence[int], losses: Floats, texts: Sequence[str]) -> tuple[BatchRow, ...]:
    """The rows with the largest loss, largest first."""
    order = np.argsort(-np.nan_to_num(losses, nan=np.inf), kind="stable")[:WORST]
    whole = float(losses.sum())
    return tuple(
        BatchRow(rows[place], float(losses[place]), float(losses[place]) / whole if whole else 0.0, texts[place])
        for place in order.tolist()
    )
