"""Activations by their scenario names."""

from collections.abc import Callable

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from torch import Tensor

from nnlab.scenario.model import Activation


def _softmax(z: Tensor) -> Tensor:
    return torch.softmax(z, dim=-1)


def _same(z: Tensor) -> Tensor:
    return z


FUNCTIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "selu": torch.selu,
    "gelu": F.gelu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softmax": _softmax,
    "exponential": torch.exp,
    "linear": _same,
    "none": _same,
}

CAN_DIE = frozenset({"relu", "leaky_relu", "elu", "selu", "gelu"})
"""Units of these can go silent; only an exact zero output counts as dead, which all but relu nearly never reach."""
CAN_SATURATE = frozenset({"tanh", "sigmoid"})
