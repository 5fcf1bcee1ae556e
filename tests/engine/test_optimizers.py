"""Update rules against torch.optim, step by step."""

from typing import Any

import pytest
import torch
from torch import Tensor

from nnlab.engine.optimizers import Optimizer, make_optimizer
from nnlab.scenario.training import Optimizer as Settings

SIZES = (5, 1, 12)
STEPS = 50


def settings(kind: str, **more: Any) -> Settings:
    return Settings.model_validate({"kind": kind, "lr": 0.01, **more})


def theirs(chosen: Settings, parameters: list[Tensor]) -> torch.optim.Optimizer:
    """torch's own optimizer for the same settings."""
    common = {"lr": chosen.lr, "weight_decay": chosen.weight_decay}
    match chosen.kind:
        case "sgd":
            return torch.optim.SGD(parameters, momentum=chosen.momentum, nesterov=chosen.nesterov, **common)
        case "adam":
            return torch.optim.Adam(parameters, betas=chosen.betas, eps=chosen.eps, **common)
        case "adamw":
            return torch.optim.AdamW(parameters, betas=chosen.betas, eps=chosen.eps, **common)
        case "rmsprop":
            return torch.optim.RMSprop(
                parameters, alpha=chosen.alpha, eps=chosen.eps, momentum=chosen.momentum, **common
            )
        case _:
            return torch.optim.Adagrad(parameters, eps=chosen.eps, **common)


def stretches() -> list[tuple[int, int]]:
    """One stretch of the flat buffer for each tensor."""
    ends = [sum(SIZES[: i + 1]) for i in range(len(SIZES))]
    return list(zip([0, *ends], ends, strict=False))


def ours(chosen: Settings) -> Optimizer:
    torch.manual_seed(0)
    values = torch.randn(sum(SIZES))
    return make_optimizer(chosen, values, torch.zeros_like(values), stretches())


ALL = [
    settings("sgd"),
    settings("sgd", momentum=0.9),
    settings("sgd", momentum=0.9, nesterov=True, weight_decay=0.1),
    settings("adam"),
    settings("adam", weight_decay=0.1, betas=(0.8, 0.95), eps=1e-6),
    settings("adamw", weight_decay=0.1),
    settings("rmsprop"),
    settings("rmsprop", momentum=0.9, weight_decay=0.1, alpha=0.9),
    settings("adagrad"),
    settings("adagrad", weight_decay=0.1),
]


@pytest.mark.parametrize("chosen", ALL, ids=lambda s: f"{s.kind}-m{s.momentum}-n{s.nesterov}-wd{s.weight_decay}")
def test_fifty_steps_as_torch_takes_them(chosen: Settings) -> None:
    mine = ours(chosen)
    parameters = [mine.values[a:b].clone().requires_grad_() for a, b in stretches()]
    reference = theirs(chosen, parameters)
    lr = torch.tensor(chosen.lr)
    for step in range(STEPS):
        if step == 25:
            lr.fill_(0.003)
            reference.param_groups[0]["lr"] = 0.003
        gradient = torch.randn(sum(SIZES), generator=torch.Generator().manual_seed(step))
        mine.grads.copy_(gradient)
        for parameter, (a, b) in zip(parameters, stretches(), strict=True):
            parameter.grad = gradient[a:b].clone()
        mine.update(lr, None)
        reference.step()
    torch.testing.assert_close(mine.values, torch.cat(parameters).detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_the_divisor_divides_the_gradients(kind: str) -> None:
    plain, divided = ours(settings(kind)), ours(settings(kind))
    for step in range(10):
        gradient = torch.randn(sum(SIZES), generator=torch.Generator().manual_seed(step))
        plain.grads.copy_(gradient / 2.5)
        divided.grads.copy_(gradient)
        plain.update(torch.tensor(0.1), None)
        divided.update(torch.tensor(0.1), torch.tensor(2.5))
    torch.testing.assert_close(plain.values, divided.values)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_a_stretch_that_rests_takes_up_its_own_count_as_in_torch(kind: str) -> None:
    """Adam's bias correction after unfreezing goes by the layer's own number of updates."""
    chosen = settings(kind, weight_decay=0.01)
    mine = ours(chosen)
    parameters = [mine.values[a:b].clone().requires_grad_() for a, b in stretches()]
    reference = theirs(chosen, parameters)
    everything = stretches()
    learning = {0: [everything[0], everything[2]], 7: everything, 12: everything[1:], 20: everything}
    now: list[tuple[int, int]] = []
    for step in range(30):
        if step in learning:
            now = learning[step]
            mine.use(now)
        gradient = torch.randn(sum(SIZES), generator=torch.Generator().manual_seed(step))
        mine.grads.copy_(gradient)
        for parameter, (a, b) in zip(parameters, stretches(), strict=True):
            parameter.grad = gradient[a:b].clone() if (a, b) in now else None
        mine.update(torch.tensor(chosen.lr), None)
        reference.step()
    torch.testing.assert_close(mine.values, torch.cat(parameters).detach(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_nothing_to_update_is_no_error(kind: str) -> None:
    mine = ours(settings(kind))
    before = mine.values.clone()
    mine.use([])
    mine.grads.fill_(1.0)
    mine.update(torch.tensor(0.1), torch.tensor(2.0))
    assert torch.equal(mine.values, before)
