"""What dropout costs at this moment: the loss of the probe batch with it, everything else in evaluation mode."""

from typing import Any

from torch import Tensor

from nnlab.engine.models.mlp import Tap
from nnlab.engine.tasks import Retrieval, Task


def dropout_loss(task: Task, batch: Any, taps: list[Tap]) -> Tensor:
    """The loss, 0-dim, drawn from torch's random state; `taps` are of the same sample without dropout, which two towers
    need not read again: their dropout comes behind the dear layers."""
    return task.dropout_loss(batch, taps) if isinstance(task, Retrieval) else task.measure(batch, task.dropout)[1]
