"""Copies of a training for experiments: whatever is done to them, the run they come from stays bit for bit the same."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from nnlab.engine.batches import FixedBatches
from nnlab.engine.models.mlp import Tap
from nnlab.engine.tasks import Supervised, Task
from nnlab.engine.training import Training
from nnlab.scenario.training import Schedule


@dataclass(slots=True)
class OneBatch:
    """A task whose every batch is the same one, without dropout."""

    task: Task
    batch: Any
    network: Any = field(init=False)
    batches: Any = field(init=False)
    dropout: float = 0.0
    stale_batch: bool = False

    def __post_init__(self) -> None:
        self.network, self.batches = self.task.network, self.task.batches

    def next(self) -> Any:
        """The batch."""
        return self.batch

    def forward(self, batch: Any) -> Any:
        """Outputs in training mode."""
        return self.task.forward(batch)

    def loss(self, outputs: Any, batch: Any) -> Tensor:
        """Training loss, 0-dim."""
        return self.task.loss(outputs, batch)

    def measure(self, batch: Any, dropout: float = 0.0, taps: list[Tap] | None = None) -> tuple[Any, Tensor]:
        """Outputs and loss in evaluation mode."""
        return self.task.measure(batch, dropout, taps)

    def probe(self) -> Any:
        """The batch."""
        return self.batch

    def part(self, batch: Any, rows: int) -> Any:
        """The first rows of a sample."""
        return self.task.part(batch, rows)

    def detach(self, layer: int | None) -> None:
        """Let no gradient flow back through the output of this layer; None repairs it."""
        self.task.detach(layer)


def copy_of(training: Training) -> Training:
    """An independent copy in the same state; only the source of the examples, which nothing writes to, is shared.

    Dropout draws from torch's global random state: put `same_random_state` around what trains the copy.
    """
    batches = training.task.batches
    sources = (*batches.past, batches.source) if isinstance(batches, FixedBatches) else (batches.source,)
    return deepcopy(training, {id(source): source for source in sources})


def unregularised(training: Training) -> Training:
    """A copy without dropout, weight decay, l2 and label smoothing, at its base rate without a schedule."""
    copy = copy_of(training)
    copy.task.dropout = 0.0
    if isinstance(copy.task, Supervised):
        copy.task.label_smoothing = 0.0
    copy.optimizer.weight_decay = 0.0
    copy.l2 = 0.0
    at_rate(copy, copy.base_lr)
    return copy


def at_rate(training: Training, lr: float) -> None:
    """Train at this constant rate from now on."""
    training.schedule = Schedule()
    training.turn_lr(lr)


def train(training: Training, steps: int) -> list[float]:
    """Losses of `steps` more steps (fewer than the ring holds)."""
    training.ring.fetch()
    for _ in range(steps):
        training.one_step()
    return training.ring.fetch()[1].tolist()
