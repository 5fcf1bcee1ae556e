"""The gradient noise scale: how many examples a batch needs before averaging stops helping."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from nnlab.engine.parameters import Parameters
from nnlab.engine.probes.layers import Measured, flat_gradient
from nnlab.engine.tasks import Task

SMOOTHING = 0.9
"""Of the two moving averages, kept apart as McCandlish et al. 2018 (appendix A.1) advise."""


@dataclass(slots=True)
class NoiseScale:
    """B = tr Σ / |G|² from the two halves of the probe batch; state of the two averages.

    With gradients g, h of the halves, |g − h|² estimates tr Σ (1/n + 1/m) and g · h estimates |G|², both without bias.
    Comparing |g|² of a small sample with |G|² of the whole has the same mean, but a spread many times as large, because
    the noise along G does not cancel.
    """

    trace: float = 0.0
    square: float = 0.0
    weight: float = 0.0

    def measure(self, task: Task, parameters: Parameters, gradient: Tensor, rows: int) -> Measured:
        """`gradient` is the flat gradient of the whole probe batch of `rows` rows.

        `grad/batch_cv` is the noise of one training batch's gradient in units of the true one, √(B / batch size): its
        coefficient of variation.
        """
        half = rows // 2
        if half < 1:
            return {}
        rest = rows - half
        _, loss = task.measure(task.part(task.probe(), half))
        one = flat_gradient(loss, parameters)
        other = (rows * gradient - half * one) / rest
        square = float(torch.dot(one, other))
        trace = float((one - other).square().sum()) / (1.0 / half + 1.0 / rest)
        self.trace = SMOOTHING * self.trace + (1.0 - SMOOTHING) * trace
        self.square = SMOOTHING * self.square + (1.0 - SMOOTHING) * square
        self.weight = SMOOTHING * self.weight + (1.0 - SMOOTHING)
        if self.square <= 0.0:
            return {}
        scale = max(0.0, self.trace / self.square)
        return {"grad/noise_scale": scale, "grad/batch_cv": math.sqrt(scale / task.batches.batch_size)}


def rows_of(outputs: Tensor | tuple[Tensor, ...]) -> int:
    """Rows of a sample's outputs."""
    return len(outputs) if isinstance(outputs, torch.Tensor) else len(outputs[0])
