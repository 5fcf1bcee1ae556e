"""The estimate of the largest stable learning rate, against exact Hessians and runs that do or do not diverge."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd.functional import hessian
from torch.func import functional_call

from nnlab.engine.probes.layers import flat_gradient
from nnlab.engine.probes.stability import UNSEEN, measure_stability, penalties, sharpness

LINEAR = ("model.hidden=[]", "train.batch_size=100", "data.shuffle=false", "optimizer.kind=sgd")


def exact(training: Any, damping: Tensor) -> float:
    """Largest eigenvalue of P⁻¹(H + penalties) over what learns, from the whole Hessian in float64."""
    task, parameters = training.task, training.parameters
    names = {id(owner): name for name, owner in task.network.named_parameters()}
    ordered = [names[id(owner)] for owner in parameters.tensors()]
    sizes = [owner.numel() for owner in parameters.tensors()]
    shapes = [owner.shape for owner in parameters.tensors()]
    batch = task.probe()

    def loss(flat: Tensor) -> Tensor:
        cut = [part.view(shape) for part, shape in zip(flat.split(sizes), shapes, strict=True)]
        table = dict(zip(ordered, cut, strict=True))
        return task._mean(task.losses(functional_call(task.network, table, (batch.inputs, 0.0, True)), batch), batch)

    whole = hessian(loss, parameters.values.clone()).double() + torch.diag(penalties(training).double())
    kept = (parameters.learning_mask > 0) & (damping > UNSEEN * damping.mean())
    root = damping.double().rsqrt()
    return float(torch.linalg.eigvalsh((root[:, None] * whole * root)[kept][:, kept])[-1])


@pytest.mark.parametrize(
    "keys",
    [
        ("optimizer.kind=sgd", "optimizer.weight_decay=0.1"),
        ("optimizer.kind=adam", "objective.l2=0.01"),
        ("optimizer.kind=rmsprop", "model.freeze=[1]", "model.activation=tanh"),
        ("optimizer.kind=adagrad", "model.norm=batch"),
    ],
)
def test_the_sharpness_is_that_of_the_exact_hessian(kit: Any, keys: tuple[str, ...]) -> None:
    training = kit.begin("mlp", "optimizer.lr=0.01", *keys).train(30).training
    damping = training.optimizer.damping()
    found, wanted = sharpness(training, training.task.probe(), damping, 40), exact(training, damping)
    assert found == pytest.approx(wanted, rel=1e-3)
    few = sharpness(training, training.task.probe(), damping)
    assert 0.6 * wanted < few <= 1.001 * wanted


MOMENTUM = ("optimizer.momentum=0.9",)


@pytest.mark.parametrize("keys", [(), MOMENTUM, (*MOMENTUM, "optimizer.nesterov=true")])
def test_a_quadratic_converges_below_the_estimate_and_diverges_above(kit: Any, keys: tuple[str, ...]) -> None:
    stable = kit.begin("regression", *LINEAR, *keys, "optimizer.lr=0").series("lr/stable")[0]
    norms = {}
    for factor in (0.97, 1.03):
        made = kit.begin("regression", *LINEAR, *keys, f"optimizer.lr={factor * stable}", "train.steps=400").train()
        norms[factor] = made.series("grad/norm")
    assert norms[0.97][399] < 0.1 * norms[0.97][0]
    assert not norms[1.03][399] < 10.0 * norms[1.03][0]


def test_adams_edge_is_that_of_cohen(kit: Any) -> None:
    training = kit.begin("mlp", "optimizer.kind=adam").train(20).training
    curvature = sharpness(training, training.task.probe(), training.optimizer.damping())
    assert measure_stability(training, training.task.probe())["lr/stable"] * curvature == pytest.approx(38.0)


@pytest.mark.parametrize("keys", [("model.freeze=[0, 1, 2]",), ("model.init=zeros", "model.activation=relu")])
def test_where_nothing_learns_there_is_no_reading(kit: Any, keys: tuple[str, ...]) -> None:
    training = kit.begin("mlp", "optimizer.kind=sgd", *keys).training
    assert all(math.isfinite(value) for value in measure_stability(training, training.task.probe()).values())


def test_what_the_optimizer_expects_and_where_it_points(kit: Any) -> None:
    """With β₂ = 0 Adam expects the very last gradient; with β₁ = 0 its first moment is that gradient."""
    made = kit.begin("regression", "optimizer.kind=adam", "optimizer.betas=[0.0, 0.0]", "train.batch_size=100").train(2)
    last = made.training.parameters.grads
    assert made.series("optimizer/expected_norm")[2] == pytest.approx(float(last.norm()), rel=1e-5)
    task = made.training.task
    present = flat_gradient(task.measure(task.probe())[1], made.training.parameters)
    cosine = float(torch.nn.functional.cosine_similarity(last, present, dim=0))
    assert made.series("optimizer/agreement")[2] == pytest.approx(cosine, abs=1e-5)
    assert 0 not in made.series("optimizer/expected_norm")
