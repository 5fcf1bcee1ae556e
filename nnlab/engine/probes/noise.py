"""The gradient noise scale: how many examples a batch needs before averaging stops helping."""

from dataclasses import dataclass

import torch
from torch import Tensor

from nnlab.engine.parameters import Parameters
from nnlab.engine.probes.layers import Measured, flat_gradient
from nnlab.engine.tasks import Task

SMOOTHING = 0.9
"""Of the two moving averages, kept apart as McCandlish et al. 2018 (appendix A.1) advise."""
SMALL_SHARE = 8
"""The small sample is this part of the probe batch."""


@dataclass(slots=True)
class NoiseScale:
    """B = tr Σ / |G|² from the gradients of two sample sizes; state of the two averages."""

    trace: float = 0.0
    square: float = 0.0
    weight: float = 0.0

    def measure(self, task: Task, parameters: Parameters, gradient: Tensor, rows: int) -> Measured:
        """`gradient` is the flat gradient of the whole probe batch of `rows` rows."""
        small = rows // SMALL_SHARE
        if small < 1:
            return {}
        part = task.part(task.probe(), small)
        _, loss = task.measure(part)
        few = float(flat_gradient(loss, task, parameters).square().sum())
        many = float(gradient.square().sum())
        square = (rows * many - small * few) / (rows - small)
        trace = (few - many) / (1.0 / small - 1.0 / rows)
        self.trace = SMOOTHING * self.trace + (1.0 - SMOOTHING) * trace
        self.square = SMOOTHING * self.square + (1.0 - SMOOTHING) * square
        self.weight = SMOOTHING * self.weight + (1.0 - SMOOTHING)
        if self.square <= 0.0:
            return {}
        return {"grad/noise_scale": max(0.0, self.trace / self.square)}


def rows_of(outputs: Tensor | tuple[Tensor, ...]) -> int:
    """Rows of a sample's outputs."""
    return len(outputs) if isinstance(outputs, torch.Tensor) else len(outputs[0])
