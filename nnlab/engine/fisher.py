"""The diagonal of the Fisher information: how much each parameter matters to what the model says of some rows.

For a linear layer the gradient of one row's loss is the outer product of what the layer got and what came back, so the
mean of its squares over all rows is one matrix product: it costs a backward pass and not one for each row.
"""

import torch
from torch import Tensor, nn
from torch.func import functional_call

from nnlab.engine.batches import Batch
from nnlab.engine.models.mlp import LinearTap, Tap
from nnlab.engine.objectives.supervised import prepare
from nnlab.engine.tasks import Supervised


def fisher(task: Supervised, batch: Batch) -> Tensor:
    """Diagonal Fisher information on the rows, flat float32 [n] in the order of the parameters, in evaluation mode.

    The mean over rows, and over labels as the model predicts them, of the squared gradient of the row's loss: the true
    Fisher information of Kirkpatrick et al. 2017, its expectation over labels taken in full. Where the objective is no
    likelihood of classes the rows' own labels stand in (the empirical Fisher information).
    """
    rows, weights = _labelled(task, batch)
    taps: list[Tap] = []
    inputs = rows.inputs.detach().clone().requires_grad_()  # so that gradients reach frozen layers too
    losses = task.losses(task.network(inputs, 0.0, False, taps), rows).reshape(len(inputs), -1).mean(dim=1)
    linears = [tap for tap in taps if isinstance(tap, LinearTap)]
    sums = [tap.linear for tap in linears] + [tap.normed for tap in linears]
    found = torch.autograd.grad(losses.sum(), sums, allow_unused=True, materialize_grads=True)
    squares = [weights * delta.square() for delta in found]
    at_linear, at_normed = squares[: len(linears)], squares[len(linears) :]
    parts: list[Tensor] = []
    with torch.no_grad():
        layers = [layer for _, layer in task.network.layers()]
        for tap, layer, linear, normed in zip(linears, layers, at_linear, at_normed, strict=True):
            parts += [linear.T @ tap.inputs.square(), linear.sum(dim=0)]
            parts += _norm_parts(layer, tap.linear, normed)
    return torch.cat([part.reshape(-1) for part in parts])


def _labelled(task: Supervised, batch: Batch) -> tuple[Batch, Tensor]:
    """The rows once for each label that they could have, and each one's weight [rows, 1]; weights sum to 1."""
    count = len(batch.inputs)
    with torch.no_grad():
        chances = _chances(task, task.measure(batch)[0])
    if chances is None:
        return batch, torch.full((count, 1), 1.0 / count, device=batch.inputs.device)
    classes = chances.shape[1]
    labels = torch.arange(classes).repeat_interleave(count)
    targets = prepare(task.objective.kind, labels.numpy(), classes).to(batch.inputs.device)
    return Batch(batch.inputs.repeat(classes, 1), targets), chances.T.reshape(-1, 1) / count


def _chances(task: Supervised, outputs: Tensor) -> Tensor | None:
    """How likely the model thinks each class [rows, classes]; None where its objective does not say."""
    match task.objective.kind, outputs.shape[1]:
        case "cross_entropy", _:
            return torch.softmax(outputs, dim=1)
        case "categorical_cross_entropy", _:
            return outputs / outputs.sum(dim=1, keepdim=True)
        case "bce_with_logits", 1:
            return torch.cat((torch.sigmoid(-outputs), torch.sigmoid(outputs)), dim=1)
        case "binary_cross_entropy", 1:
            return torch.cat((1.0 - outputs, outputs), dim=1)
    return None


def _norm_parts(layer: nn.Module, inputs: Tensor, squares: Tensor) -> list[Tensor]:
    """The same for scale and shift of the layer's norm; nothing where it has none."""
    _, norm = layer.children()
    values = dict(norm.named_parameters())
    if not values:
        return []
    plain = {"weight": torch.ones_like(values["weight"]), "bias": torch.zeros_like(values["bias"])}
    return [(squares * functional_call(norm, plain, (inputs,)).square()).sum(dim=0), squares.sum(dim=0)]
