"""How good a step was: update-to-weight ratios and the critical step multiplier."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from nnlab.engine.parameters import Parameters
from nnlab.engine.probes.layers import Measured
from nnlab.engine.probes.quiet import moved_parameters
from nnlab.engine.tasks import Task

LOWEST, HIGHEST = -3, 10
"""Exponents of the multipliers tried: 2^-3 … 2^10 (FAILURE_MODES §1, c*: healthy 2–256, too low a rate ≥ 512)."""


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


def measure_critical(
    task: Task, batch: Any, parameters: Parameters, before: Tensor, guess: int
) -> tuple[Measured, int]:
    """c*, the smallest 2^k with L(θ + c·Δθ) > L(θ) on `batch`, for the last step Δθ; 2^10 if none, NaN where L(θ) is
    not finite.

    The search walks from `guess`, the exponent found last time, which is returned for the next: some four forward
    passes a reading. Source: critical sharpness and Cockpit's alpha (FAILURE_MODES §1). `step/change` is
    (L(θ+Δθ) − L(θ)) / L(θ).
    """
    change = parameters.values - before

    def loss_at(multiplier: float) -> float:
        torch.add(before, change, alpha=multiplier, out=parameters.values)
        return float(task.measure(batch)[1])

    with torch.no_grad(), moved_parameters(parameters.values):
        origin = loss_at(0.0)
        if not math.isfinite(origin):
            return {"step/critical": math.nan, "step/change": math.nan}, guess
        full = loss_at(1.0)
        exponent = _crossing(lambda k: not (full if k == 0 else loss_at(2.0**k)) <= origin, guess)
    relative = (full - origin) / origin if origin else 0.0
    return {"step/critical": 2.0**exponent, "step/change": relative}, exponent


def _crossing(worse: Callable[[int], bool], guess: int) -> int:
    """The exponent nearest to `guess` whose step raises the loss while half of it does not."""
    k = guess
    if worse(k):
        while k > LOWEST and worse(k - 1):
            k -= 1
        return k
    while k < HIGHEST:
        k += 1
        if worse(k):
            break
    return k
