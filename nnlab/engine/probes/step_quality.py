"""How good a step was: update-to-weight ratios and the critical step multiplier."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from nnlab.engine.parameters import Parameters
from nnlab.engine.probes.layers import Measured
from nnlab.engine.probes.quiet import moved_parameters
from nnlab.engine.tasks import Task

LOWEST, HIGHEST = -3, 10
"""Exponents of the multipliers tried: 2^-3 … 2^10 (FAILURE_MODES §1, c*: healthy 2–256, too low a rate ≥ 512)."""
LEAP = 2
"""Exponents skipped while climbing; one look back fills the gap, so a reading costs about six forward passes."""


def measure_update(parameters: Parameters, before: Tensor, start: Tensor) -> Measured:
    """‖ΔW‖/‖W‖ of the last step for each layer, and the distance from the start. `before`, `start`: flat [n]."""
    moved = torch._foreach_norm(parameters.by_layer(parameters.values - before))
    size = torch._foreach_norm(parameters.by_layer(before))
    measured: Measured = {
        f"layer/{segment.layer}/update_ratio": change / norm.clamp_min(1e-30)
        for segment, change, norm in zip(parameters.segments, moved, size, strict=True)
    }
    origin = torch.linalg.vector_norm(start).clamp_min(1e-30)
    measured["weight/distance"] = torch.linalg.vector_norm(parameters.values - start) / origin
    return measured


def measure_critical(task: Task, parameters: Parameters, before: Tensor) -> Measured:
    """c*, the smallest 2^k with L(θ + c·Δθ) > L(θ) on the probe batch, for the last step Δθ; 2^10 if none, NaN where
    L(θ) is not finite.

    Source: critical sharpness and Cockpit's alpha (FAILURE_MODES §1). `step/change` is (L(θ+Δθ) − L(θ)) / L(θ).
    """
    change = parameters.values - before
    batch = task.probe()

    def loss_at(multiplier: float) -> float:
        parameters.values.copy_(torch.add(before, change, alpha=multiplier))
        return float(task.measure(batch)[1])

    with torch.no_grad(), moved_parameters(parameters.values):
        origin = loss_at(0.0)
        if not math.isfinite(origin):
            return {"step/critical": math.nan, "step/change": math.nan}
        full = loss_at(1.0)
        exponent = _crossing(lambda k: not loss_at(2.0**k) <= origin, not full <= origin)
    relative = (full - origin) / origin if origin else 0.0
    return {"step/critical": 2.0**exponent, "step/change": relative}


def _crossing(worse: Callable[[int], bool], full_is_worse: bool) -> int:
    """Smallest exponent whose step raises the loss, searched outward from 0."""
    if full_is_worse:
        k = 0
        while k > LOWEST and worse(k - 1):
            k -= 1
        return k
    k = LEAP
    while k < HIGHEST and not worse(k):
        k += LEAP
    if k >= HIGHEST and not worse(HIGHEST):
        return HIGHEST
    return k - 1 if worse(k - 1) else k
