"""How the loss is spread over the rows of the probe batch: a few hard ones, or all alike."""

import torch
from torch import Tensor

from nnlab.engine.probes.layers import Measured

TOP = 0.05
"""The hardest rows, as a share of all."""


def loss_spread(losses: Tensor) -> Measured:
    """Median and 99th percentile of the row losses [n], and the share of their sum that the hardest 5 % hold."""
    ordered = losses.detach().float().sort().values
    n = len(ordered)
    top = max(1, round(TOP * n))
    return {
        "loss/sample_p50": _quantile(ordered, 0.5),
        "loss/sample_p99": _quantile(ordered, 0.99),
        "loss/top_share": ordered[n - top :].sum() / ordered.sum().clamp_min(1e-30),
    }


def _quantile(ordered: Tensor, share: float) -> Tensor:
    """Linear interpolation between the two nearest rows, as numpy does."""
    place = share * (len(ordered) - 1)
    below = int(place)
    return torch.lerp(ordered[below], ordered[min(below + 1, len(ordered) - 1)], place - below)
