"""What is learnt: a network with its objective and its data, in two kinds, supervised and retrieval.

A task gives the step its batch, its outputs and its loss, and gives the probes fixed samples to measure on. The live
values it reads (dropout, margin, …) are plain attributes or 0-dim device tensors that knobs change between steps.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from nnlab.engine.batches import Batch, FixedBatches
from nnlab.engine.models.mlp import MlpNetwork, Tap
from nnlab.engine.models.two_tower import TwoTowerNetwork
from nnlab.engine.objectives import retrieval, supervised
from nnlab.engine.objectives.class_weights import class_weights
from nnlab.engine.state import State
from nnlab.engine.streams import StreamBatches
from nnlab.engine.triplets import TripletBatch, TripletBatches
from nnlab.scenario.training import Objective

PROBE_ROWS = 256
"""Rows of the probe batch (FAILURE_MODES §1: at most 256)."""
TRIPLET_PROBE_ROWS = 32
"""Triplets of the probe batch: a recurrent encoder is some thirty times dearer per row than an MLP."""


LIVE = ("dropout", "label_smoothing", "double_softmax", "stale_batch")
"""Live values of a supervised task."""


class Task(Protocol):
    """What the step and the probes ask of a task; batches and outputs are of the task's own types."""

    network: Any
    batches: Any
    dropout: float
    stale_batch: bool

    def next(self) -> Any:
        """The next training batch."""

    def forward(self, batch: Any) -> Any:
        """Outputs in training mode."""

    def loss(self, outputs: Any, batch: Any) -> Tensor:
        """Training loss, 0-dim."""

    def measure(self, batch: Any, dropout: float = 0.0, taps: list[Tap] | None = None) -> tuple[Any, Tensor]:
        """Outputs and loss of a sample in evaluation mode."""

    def probe(self) -> Any:
        """The fixed sample that probes measure on."""

    def part(self, batch: Any, rows: int) -> Any:
        """The first rows of a sample."""

    def detach(self, layer: int | None) -> None:
        """Let no gradient flow back through the output of this layer; None repairs it."""


@dataclass(slots=True)
class Supervised:
    """An MLP on fixed or streaming examples."""

    network: MlpNetwork
    batches: FixedBatches | StreamBatches
    objective: Objective
    classes: int
    multilabel: bool
    dropout: float
    label_smoothing: float
    double_softmax: bool = False
    stale_batch: bool = False
    weights: Tensor | None = None
    """Class weights in the objective's own form; None counts all examples alike."""
    _last: Batch | None = None

    @property
    def last(self) -> Batch | None:
        """The batch of the last step."""
        return self._last

    def next(self) -> Batch:
        """The next training batch.

        A stale one is a copy in memory of its own, as it is after a restore: the same rows at another place in memory
        may give other roundings.
        """
        if self.stale_batch and self._last is not None:
            return Batch.of_state(self._last.state(), self._last.inputs.device)
        self._last = self.batches.next()
        return self._last

    def forward(self, batch: Batch) -> Tensor:
        """Outputs [batch, width] in training mode."""
        out: Tensor = self.network(batch.inputs, self.dropout, len(batch.inputs) > 1)
        return out

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """The objective, reduced over the batch as the scenario says."""
        losses = self.losses(outputs, batch)
        return losses.sum() if self.objective.reduction == "sum" else self._mean(losses, batch)

    def weigh(self, how: str) -> None:
        """Weight the classes: "none", "balanced" (by rarity in the training set as it now is), or numbers with commas
        between. Raises DataError where their number does not fit."""
        batches = self.batches
        if how == "none":
            self.weights = None
            return
        targets = batches.reference().targets if isinstance(batches, StreamBatches) else batches.all_targets()
        self.weights = class_weights(how, self.objective.kind, targets, self.classes)

    def losses(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Unreduced losses [batch] or [batch, width]."""
        if self.double_softmax:
            outputs = torch.softmax(outputs, dim=1) if outputs.shape[1] > 1 else torch.sigmoid(outputs)
        return supervised.LOSSES[self.objective.kind](outputs, batch.targets, self.label_smoothing, self.weights)

    def row_losses(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Loss of each row [batch], the mean over its outputs."""
        return self.losses(outputs, batch).reshape(len(outputs), -1).mean(dim=1)

    def measure(
        self, batch: Batch, dropout: float = 0.0, taps: list[Tap] | None = None, *, batch_stats: bool = False
    ) -> tuple[Tensor, Tensor]:
        """Outputs and loss of a sample in evaluation mode; a sum objective is scaled to the training batch size.

        With `batch_stats` batch norm uses and updates its statistics, as in training.
        """
        outputs = self.network(batch.inputs, dropout, batch_stats, taps)
        mean = self._mean(self.losses(outputs, batch), batch)
        return outputs, mean * self.scale(outputs.shape[1])

    def _mean(self, losses: Tensor, batch: Batch) -> Tensor:
        """As torch has it: a sum objective's weights scale the loss, a mean one's are averaged over."""
        if self.objective.reduction == "sum":
            return losses.mean()
        return supervised.mean(self.objective.kind, losses, batch.targets, self.weights)

    def scale(self, width: int) -> float:
        """What turns a mean over elements into a training loss: 1, or the elements of a batch for a sum."""
        if self.objective.reduction == "mean":
            return 1.0
        return float(self.batches.batch_size * (1 if self.objective.kind in supervised.INDEXED else width))

    def state(self) -> State:
        """Live values, what the network keeps beside its parameters, and the last batch; not the batches' own state."""
        found: State = {name: getattr(self, name) for name in LIVE} | {"detached": self.network.detached}
        found["weights"] = self.weights
        return found | {"last": self._last and self._last.state(), "buffers": _buffers(self.network)}

    def restore(self, state: State, device: torch.device) -> None:
        """Take a state back."""
        for name in LIVE:
            setattr(self, name, state[name])
        self.weights = None if state["weights"] is None else state["weights"].to(device)
        self.network.detached = state["detached"]
        self._last = state["last"] and Batch.of_state(state["last"], device)
        _restore_buffers(self.network, state["buffers"])

    def probe(self) -> Batch:
        """The fixed sample that probes measure on."""
        return self.batches.probe(PROBE_ROWS)

    def detach(self, layer: int | None) -> None:
        """Let no gradient flow back through the output of this layer; None repairs it."""
        self.network.detached = layer

    def part(self, batch: Batch, rows: int) -> Batch:
        """The first rows of a sample."""
        return Batch(batch.inputs[:rows], batch.targets[:rows])


@dataclass(slots=True)
class Retrieval:
    """Two towers on triplets."""

    network: TwoTowerNetwork
    batches: TripletBatches
    objective: Objective
    dropout: float
    margin: Tensor
    temperature: Tensor
    stale_batch: bool = False
    _last: TripletBatch | None = field(default=None, repr=False)

    def state(self) -> State:
        """Live values, what the network keeps beside its parameters, and the last batch; not the batches' own state."""
        found: State = {"dropout": self.dropout, "stale_batch": self.stale_batch, "detached": self.network.detached}
        found |= {"margin": self.margin, "temperature": self.temperature}
        return found | {"last": self._last and self._last.state(), "buffers": _buffers(self.network)}

    def restore(self, state: State, device: torch.device) -> None:
        """Take a state back."""
        self.dropout, self.stale_batch = state["dropout"], state["stale_batch"]
        self.margin.copy_(state["margin"])
        self.temperature.copy_(state["temperature"])
        self.network.detached = state["detached"]
        self._last = state["last"] and TripletBatch.of_state(state["last"], device)
        _restore_buffers(self.network, state["buffers"])

    def next(self) -> TripletBatch:
        """The next training batch."""
        if self.stale_batch and self._last is not None:
            return self._last
        self._last = self.batches.next()
        return self._last

    def forward(self, batch: TripletBatch) -> tuple[Tensor, Tensor, Tensor]:
        """Embeddings of queries, positives and negatives, each [batch, output_dim], in training mode."""
        return self._embed(batch, self.dropout, None)

    def loss(self, outputs: tuple[Tensor, Tensor, Tensor], batch: TripletBatch) -> Tensor:
        """The objective, reduced over the batch as the scenario says."""
        losses = self.losses(outputs, batch)
        return losses.sum() if self.objective.reduction == "sum" else losses.mean()

    def row_losses(self, outputs: tuple[Tensor, Tensor, Tensor], batch: TripletBatch) -> Tensor:
        """Loss of each triplet [batch]."""
        return self.losses(outputs, batch)

    def losses(self, outputs: tuple[Tensor, Tensor, Tensor], _: TripletBatch) -> Tensor:
        """Loss of each triplet [batch]; a contrastive one among as many as a training batch has."""
        kind, distance = self.objective.kind, self.objective.distance
        if kind != "contrastive" or len(outputs[0]) <= self.batches.batch_size:
            return retrieval.losses(kind, outputs, distance, self.margin, self.temperature)
        blocks = zip(*(torch.split(part, self.batches.batch_size) for part in outputs), strict=True)
        return torch.cat(
            [retrieval.losses(kind, (q, p, n), distance, self.margin, self.temperature) for q, p, n in blocks]
        )

    def measure(
        self, batch: TripletBatch, dropout: float = 0.0, taps: list[Tap] | None = None
    ) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor]:
        """Embeddings and loss of a sample in evaluation mode; a sum objective is scaled to the training batch size."""
        outputs = self._embed(batch, dropout, taps)
        return outputs, self._scaled(outputs, batch)

    def dropout_loss(self, batch: TripletBatch, taps: list[Tap]) -> Tensor:
        """Loss of a sample with dropout, else in evaluation mode, 0-dim. What lies before the dropout is taken from the
        taps: a recurrent layer need not read the same words again.
        """
        query, documents = (tap.activation for tap in taps if tap.layer.endswith(".linear"))
        network = self.network
        embedded = network.query.head(query, self.dropout), network.document.head(documents, self.dropout)
        return self._scaled(self._triplets(*embedded, batch), batch)

    def _scaled(self, outputs: tuple[Tensor, Tensor, Tensor], batch: TripletBatch) -> Tensor:
        """The mean loss, in the unit of a training loss."""
        mean = self.losses(outputs, batch).mean()
        return mean * (self.batches.batch_size if self.objective.reduction == "sum" else 1)

    def probe(self) -> TripletBatch:
        """Triplets drawn as training draws them now."""
        return self.batches.probe(TRIPLET_PROBE_ROWS)

    def detach(self, layer: int | None) -> None:
        """Let no gradient flow back into the embedding (layer 0); None repairs it."""
        self.network.detached = layer

    def part(self, batch: TripletBatch, rows: int) -> TripletBatch:
        """The first rows of a sample."""
        negatives = None if batch.negatives is None else batch.negatives[:rows]
        drawn = None if batch.drawn is None else batch.drawn[:rows]
        return TripletBatch(batch.queries[:rows], batch.positives[:rows], negatives, drawn)

    def _embed(self, batch: TripletBatch, dropout: float, taps: list[Tap] | None) -> tuple[Tensor, Tensor, Tensor]:
        read = batch.positives if batch.negatives is None else torch.cat((batch.positives, batch.negatives))
        query = self.network.encode_queries(batch.queries, dropout, taps)
        return self._triplets(query, self.network.encode_documents(read, dropout, taps), batch)

    def _triplets(self, query: Tensor, documents: Tensor, batch: TripletBatch) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, positives and negatives from the embeddings of queries and of all documents of a batch."""
        if batch.negatives is None:
            return query, documents, self._chosen(query, documents)
        n = len(batch.queries)
        positive, negative = documents[:n], documents[n:]
        if batch.drawn is not None:
            negative = torch.where(batch.drawn.unsqueeze(1), negative, self._chosen(query, positive))
        return query, positive, negative

    def _chosen(self, query: Tensor, positive: Tensor) -> Tensor:
        """Each query's negative among the positives, of as many as a training batch has."""
        how, distance, size = self.batches.negatives, self.objective.distance, self.batches.batch_size
        blocks = zip(torch.split(query, size), torch.split(positive, size), strict=True)
        return torch.cat([p[retrieval.choose(q, p, how, distance)] for q, p in blocks])


def _buffers(network: nn.Module) -> State:
    """Running statistics of norms, by number."""
    return {str(number): buffer for number, buffer in enumerate(network.buffers())}


def _restore_buffers(network: nn.Module, state: State) -> None:
    for number, buffer in enumerate(network.buffers()):
        buffer.copy_(state[str(number)])
