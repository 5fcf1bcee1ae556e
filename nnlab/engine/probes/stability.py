"""The largest stable learning rate: where the sharpest direction of the loss begins to swing instead of to fall.

On a quadratic with curvature λ gradient descent diverges above 2/λ; momentum μ and the moving average of Adam move that
edge, and an adaptive rule sees the curvature of P⁻¹H, where P divides its steps (Cohen et al. 2021, "Gradient Descent
on Neural Networks Typically Occurs at the Edge of Stability", section 2; Cohen et al. 2022, "Adaptive Gradient Methods
at the Edge of Stability": 38/lr for Adam with β₁ = 0.9). It is an estimate: λ comes from one small batch and from few
Lanczos iterations, which come near it from below, and training on batches is often unstable somewhat earlier.
"""

import math
from typing import Any

import torch
from torch import Tensor

from nnlab.engine.optimizers import Optimizer
from nnlab.engine.probes.layers import Measured
from nnlab.engine.probes.quiet import same_buffers
from nnlab.engine.tasks import Supervised, Task
from nnlab.engine.training import Training

ITERATIONS = 4
"""Products with the Hessian in a reading: started along the preconditioned gradient, which leans towards the sharpest
directions, they find λ to a few per cent on the MLP of tests/bench/probe_cost.py."""
UNSEEN = 1e-6
"""Entries of P below this share of their mean are left out: no gradient has been seen there (a bias before a batch
norm), and dividing by next to nothing would amplify rounding."""
LEAST = 1e-12
"""Length of a Lanczos vector relative to λ below which its space is exhausted."""


def measure_stability(training: Training, batch: Any) -> Measured:
    """`lr/stable` on the batch, without dropout; empty where no direction curves upwards, or nothing is known yet."""
    damping = training.optimizer.damping()
    if damping is None:
        return {}
    with same_buffers(training.task.network):
        sharpest = sharpness(training, batch, damping)
    if sharpest is None or not 0.0 < sharpest < math.inf:
        return {}
    return {"lr/stable": edge(training.optimizer) / sharpest}


def edge(optimizer: Optimizer) -> float:
    """Product of learning rate and sharpness at which the rule begins to diverge on a quadratic."""
    momentum = optimizer.momentum
    match optimizer.kind:
        case "adam" | "adamw":
            first = optimizer.betas[0]
            return 2.0 * (1.0 + first) / (1.0 - first)
        case "sgd" if optimizer.nesterov:
            return 2.0 * (1.0 + momentum) / (1.0 + 2.0 * momentum)
        case "sgd" | "rmsprop":
            return 2.0 * (1.0 + momentum)
        case _:
            return 2.0


def sharpness(training: Training, batch: Any, damping: Tensor, iterations: int = ITERATIONS) -> float | None:
    """Largest eigenvalue of P⁻¹H, H the Hessian of loss and penalties over what learns, P = diag(damping), float32 [n].

    Lanczos on P^-½ H P^-½, which has the same eigenvalues, with full reorthogonalisation. None where the loss does not
    depend on the parameters, or its gradient is 0 or not finite.
    """
    parameters = training.parameters
    scale = damping.rsqrt() * parameters.learning_mask * (damping > UNSEEN * damping.mean())
    owned = parameters.tensors()
    learning = [parameter for parameter in owned if parameter.requires_grad]
    loss = _loss(training.task, batch)
    if not learning or not loss.requires_grad:
        return None
    gradient = _flat(torch.autograd.grad(loss, learning, create_graph=True, allow_unused=True), learning)
    curves = _scattered(scale, learning, owned)
    penalty = _scattered(penalties(training), learning, owned)

    def product(vector: Tensor) -> Tensor:
        pulled = (
            curves * vector
        )  # of a scalar: gradients of a vector have torch import sympy, which takes half a second
        found = torch.autograd.grad(torch.dot(gradient, pulled), learning, retain_graph=True, allow_unused=True)
        return curves * (_flat(found, learning) + penalty * pulled)

    if not gradient.requires_grad:
        return None
    pull = penalty * _scattered(parameters.values.detach(), learning, owned)
    return _lanczos(product, curves * (gradient.detach() + pull), iterations)


def _loss(task: Task, batch: Any) -> Tensor:
    """Of the sample, without dropout; batch norms work as in training, where a step's effect is felt."""
    if isinstance(task, Supervised):
        return task.measure(batch, batch_stats=len(batch.inputs) > 1)[1]
    return task.measure(batch)[1]


def penalties(training: Training) -> Tensor:
    """Curvature of the penalties, float32 [n]: coupled weight decay, l2 and what holds on to earlier data."""
    optimizer, parameters = training.optimizer, training.parameters
    coupled = 0.0 if optimizer.kind == "adamw" else optimizer.weight_decay
    curvature = 2.0 * training.l2 * parameters.weight_mask + coupled
    return curvature + training.ewc * training.learned.fisher.sum(dim=0)


def _lanczos(product: Any, start: Tensor, iterations: int) -> float | None:
    """Largest Ritz value of a symmetric operator after some products; None where the start is 0 or not finite."""
    length = float(start.norm())
    if not 0.0 < length < math.inf:
        return None
    basis = (start / length).unsqueeze(0)
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        image = product(basis[-1])
        diagonal.append(float(torch.dot(image, basis[-1])))
        for _ in range(2):  # once is not enough in float32
            image = image - basis.T @ (basis @ image)
        rest = float(image.norm())
        exhausted = not rest > LEAST * max(map(abs, diagonal)) or len(basis) == len(start)
        if exhausted or len(diagonal) == iterations:
            break
        beside.append(rest)
        basis = torch.cat((basis, (image / rest).unsqueeze(0)))
    if not all(map(math.isfinite, diagonal)):
        return None
    off = torch.tensor(beside, dtype=torch.float64)
    table = torch.diag(torch.tensor(diagonal, dtype=torch.float64)) + torch.diag(off, 1) + torch.diag(off, -1)
    return float(torch.linalg.eigvalsh(table)[-1])


def _flat(parts: Any, learning: list[Any]) -> Tensor:
    """Gradients as one flat tensor, zeros where a parameter is not reached."""
    filled = (torch.zeros_like(owner) if part is None else part for part, owner in zip(parts, learning, strict=True))
    return torch.cat([part.reshape(-1) for part in filled])


def _scattered(flat: Tensor, learning: list[Any], owned: list[Any]) -> Tensor:
    """The entries of a flat [n] that belong to the parameters that learn."""
    kept = {id(parameter) for parameter in learning}
    cut = torch.split(flat, [parameter.numel() for parameter in owned])
    return torch.cat([part for part, parameter in zip(cut, owned, strict=True) if id(parameter) in kept])
