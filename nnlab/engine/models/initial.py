"""Initial weights by their scenario names; formulas and names follow torch.nn.init."""

import math

import torch
from torch import Tensor, nn

from nnlab.scenario.model import Init

DEFAULT_WIDTH = 0.01
"""Standard deviation, half-width or value of normal, uniform and constant when the scenario gives none."""


def initialise(weight: Tensor, init: Init, scale: float | None) -> None:
    """Fill `weight` [out, in] in place from torch's global generator."""
    gain = 1.0 if scale is None else scale
    width = DEFAULT_WIDTH if scale is None else scale
    fan_in, fan_out = weight.shape[1], weight.shape[0]
    with torch.no_grad():
        match init:
            case "xavier_uniform":
                weight.uniform_(-1.0, 1.0).mul_(gain * math.sqrt(6.0 / (fan_in + fan_out)))
            case "xavier_normal":
                weight.normal_(0.0, gain * math.sqrt(2.0 / (fan_in + fan_out)))
            case "kaiming_uniform":
                weight.uniform_(-1.0, 1.0).mul_(gain * math.sqrt(6.0 / fan_in))
            case "kaiming_normal":
                weight.normal_(0.0, gain * math.sqrt(2.0 / fan_in))
            case "orthogonal":
                nn.init.orthogonal_(weight, gain)
            case "normal":
                weight.normal_(0.0, width)
            case "uniform":
                weight.uniform_(-width, width)
            case "zeros":
                weight.zero_()
            case "constant":
                weight.fill_(width)
            case "default":
                nn.init.kaiming_uniform_(weight, a=math.sqrt(5.0))
