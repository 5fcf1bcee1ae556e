"""Per-layer statistics on the probe batch in evaluation mode: gradients, activations, dead and saturated units."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from nnlab.engine.models.activations import CAN_DIE, CAN_SATURATE
from nnlab.engine.models.mlp import Tap
from nnlab.engine.parameters import Parameters
from nnlab.engine.tasks import Task

TANH_REACH = (0.0, 0.99)
SIGMOID_REACH = (0.5, 0.49)
"""Middle of the outputs, and the distance from it beyond which one counts as saturated: under 0.01 or over 0.99 of a
sigmoid (FAILURE_MODES §2, saturated-units)."""

Measured = dict[str, Tensor | float]


def measure_layers(task: Task, batch: Any, parameters: Parameters, taps: list[Tap]) -> tuple[Measured, Any, Tensor]:
    """Activations and weights of all layers on the probe batch, its outputs and its loss with their graph; `taps`
    (empty) gets what each layer did."""
    outputs, loss = task.measure(batch, 0.0, taps)
    measured: Measured = {"train/probe_loss": loss.detach()}
    weights = torch._foreach_norm(parameters.by_layer(parameters.values))
    for segment, weight in zip(parameters.segments, weights, strict=True):
        measured[f"layer/{segment.layer}/weight_norm"] = weight
    for tap in taps:
        measured |= activation_series(tap)
    measured["weight/norm"] = torch.linalg.vector_norm(parameters.values)
    return measured, outputs, loss


def measure_gradient(gradient: Tensor, parameters: Parameters, weight_decay: float, l2: float) -> Measured:
    """Norms of the flat data gradient float32 [n] by layer, and what the penalties pull against it."""
    norms = torch._foreach_norm(parameters.by_layer(gradient))
    measured: Measured = {
        f"layer/{segment.layer}/grad_norm": norm for segment, norm in zip(parameters.segments, norms, strict=True)
    }
    if weight_decay or l2:
        factors = parameters.learning_mask * (weight_decay + 2.0 * l2 * parameters.weight_mask)
        penalty = parameters.values * factors
        scale = torch.linalg.vector_norm(gradient).clamp_min(1e-30)
        measured["grad/penalty_ratio"] = torch.linalg.vector_norm(penalty) / scale
    return measured


def flat_gradient(loss: Tensor, parameters: Parameters) -> Tensor:
    """Gradient of `loss` as one flat tensor, zeros where a parameter is frozen or not reached; `.grad` is untouched."""
    owned = parameters.tensors()
    learning = [parameter for parameter in owned if parameter.requires_grad]
    found: dict[int, Tensor] = {}
    if learning and loss.requires_grad:
        gradients = torch.autograd.grad(loss, learning, allow_unused=True)
        found = {id(p): g for p, g in zip(learning, gradients, strict=True) if g is not None}
    return torch.cat([found[id(p)].reshape(-1) if id(p) in found else p.new_zeros(p.numel()) for p in owned]).detach()


def activation_series(tap: Tap) -> Measured:
    values = tap.activation.detach()
    prefix = f"layer/{tap.layer}"
    measured: Measured = {f"{prefix}/act_mean": values.mean(), f"{prefix}/act_std": values.std(correction=0)}
    if tap.kind in CAN_DIE:
        measured[f"{prefix}/dead"] = _share(values.abs().amax(dim=0), torch.eq, 0.0)
    if tap.kind in CAN_SATURATE:
        middle, reach = SIGMOID_REACH if tap.kind == "sigmoid" else TANH_REACH
        measured[f"{prefix}/saturated"] = _share((values - middle).abs(), torch.gt, reach)
    return measured


def _share(values: Tensor, test: Callable[..., Tensor], limit: float) -> Tensor:
    """Share of the entries that pass a comparison, 0-dim. Written as 0 and 1 at once: bool is slow to convert."""
    return test(values, limit, out=torch.empty_like(values)).mean()
