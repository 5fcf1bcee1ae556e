"""The training step against a hand-written torch loop, part by part."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

SGD = ("optimizer.kind=sgd", "optimizer.lr=0.1", "data.shuffle=false")


def plain_loop(made: Any, steps: int, change: Callable[[list[nn.Parameter]], Any], l2: float = 0.0) -> Tensor:
    """The same network, batches and SGD by hand; `change` does what comes between backward and update."""
    task = made.training.task
    linears = [nn.Linear(one.in_features, one.out_features) for one in task.network.linears]
    for mine, theirs in zip(linears, task.network.linears, strict=True):
        mine.load_state_dict(theirs.state_dict())
    parameters = [parameter for linear in linears for parameter in linear.parameters()]
    optimizer = torch.optim.SGD(parameters, lr=0.1)
    batches = task.batches
    x, y = torch.tensor(batches.source.x_train), torch.tensor(batches.source.y_train)
    cursor = 0
    for _ in range(steps):
        optimizer.zero_grad()
        h = x[cursor : cursor + 16]
        for i, linear in enumerate(linears):
            h = linear(h) if i == len(linears) - 1 else torch.relu(linear(h))
        loss = F.cross_entropy(h, y[cursor : cursor + 16])
        if l2:
            loss = loss + l2 * sum(linear.weight.square().sum() for linear in linears)
        loss.backward()
        change(parameters)
        optimizer.step()
        cursor = 0 if cursor + 16 >= len(x) else cursor + 16
    return torch.cat([parameter.detach().reshape(-1) for parameter in parameters])


def both(parameters: list[nn.Parameter]) -> None:
    nn.utils.clip_grad_value_(parameters, 0.05)
    nn.utils.clip_grad_norm_(parameters, 0.2)


@pytest.mark.parametrize(
    ("keys", "change"),
    [
        ((), lambda parameters: None),
        (("train.clip_norm=0.2",), lambda parameters: nn.utils.clip_grad_norm_(parameters, 0.2)),
        (("train.clip_norm=1e4",), lambda parameters: nn.utils.clip_grad_norm_(parameters, 1e4)),
        (("train.clip_value=0.05",), lambda parameters: nn.utils.clip_grad_value_(parameters, 0.05)),
        (("train.clip_value=0.05", "train.clip_norm=0.2"), both),
        (("fault.flip_gradient=true",), lambda parameters: [p.grad.neg_() for p in parameters]),
    ],
    ids=["plain", "norm", "wide", "value", "both", "flip"],
)
def test_steps_are_those_of_a_plain_loop(kit: Any, keys: tuple[str, ...], change: Any) -> None:
    made = kit.begin("mlp", *SGD, *keys)
    steps = 6 if "fault.flip_gradient=true" in keys else 30  # climbing ends in NaN
    expected = plain_loop(made, steps, change)
    made.train(steps)
    torch.testing.assert_close(made.values, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("flip", [False, True])
def test_l2_in_closed_form_is_that_of_autograd(kit: Any, flip: bool) -> None:
    made = kit.begin("mlp", *SGD, "objective.l2=0.02", f"fault.flip_gradient={str(flip).lower()}")
    steps = 6 if flip else 30
    expected = plain_loop(made, steps, lambda every: [one.grad.neg_() for one in every if flip], l2=0.02)
    made.train(steps)
    torch.testing.assert_close(made.values, expected, rtol=1e-4, atol=1e-5)


def test_loss_and_norm_are_those_of_the_step_before_clipping_and_with_the_penalty(kit: Any) -> None:
    norms: list[float] = []
    made = kit.begin("mlp", *SGD, "train.clip_norm=0.2", "objective.l2=0.02")

    def note(parameters: list[nn.Parameter]) -> None:
        norms.append(float(nn.utils.clip_grad_norm_(parameters, 0.2)))

    plain_loop(made, 20, note, l2=0.02)
    made.train(20)
    assert list(made.series("grad/norm").values()) == pytest.approx(norms, rel=1e-4)
    fresh = kit.begin("mlp", *SGD)
    penalty = 0.02 * sum(float(one.weight.detach().square().sum()) for one in fresh.training.task.network.linears)
    plain = fresh.train(1).series("train/loss")[0]
    assert made.series("train/loss")[0] == pytest.approx(plain + penalty, rel=1e-5)


def test_a_sum_objective_is_the_mean_times_the_batch(kit: Any) -> None:
    mean, total = kit.begin("mlp", *SGD).train(1), kit.begin("mlp", *SGD, "objective.reduction=sum").train(1)
    assert total.series("train/loss")[0] == pytest.approx(16 * mean.series("train/loss")[0], rel=1e-5)
    assert total.series("train/probe_loss")[0] == pytest.approx(16 * mean.series("train/probe_loss")[0], rel=1e-5)
    ratio = total.run.info.facts["constant_loss"] / mean.run.info.facts["constant_loss"]
    assert ratio == pytest.approx(16.0)


def test_gradients_pile_up_where_zero_grad_is_missing(kit: Any) -> None:
    kept: list[Tensor] = []

    def pile(parameters: list[nn.Parameter]) -> None:
        for i, parameter in enumerate(parameters):
            assert parameter.grad is not None
            if len(kept) < len(parameters):
                kept.append(parameter.grad.clone())
            else:
                kept[i] += parameter.grad
            parameter.grad.copy_(kept[i])

    made = kit.begin("mlp", *SGD, "fault.missing_zero_grad=true")
    expected = plain_loop(made, 10, pile)
    made.train(10)
    torch.testing.assert_close(made.values, expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("extra", [("optimizer.weight_decay=0.5",), ("fault.flip_gradient=true",)])
def test_what_piles_up_is_the_gradient_alone(kit: Any, extra: tuple[str, ...]) -> None:
    """Neither weight decay nor a flipped sign is added to the pile again in each step."""
    made = kit.begin("mlp", *SGD, "fault.missing_zero_grad=true", "optimizer.lr=0", *extra).train(5)
    fresh = kit.begin("mlp", *SGD, "optimizer.lr=0")
    sign = -1.0 if "flip" in extra[0] else 1.0
    total = torch.zeros_like(fresh.values)
    for _ in range(5):
        total += fresh.train(1).training.parameters.grads
    torch.testing.assert_close(made.training.parameters.grads, sign * total, rtol=1e-4, atol=1e-6)


def segments(made: Any) -> dict[str, slice]:
    return {one.layer: slice(one.start, one.stop) for one in made.training.parameters.segments}


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
def test_frozen_layers_do_not_move_by_a_bit(kit: Any, kind: str) -> None:
    keys = (f"optimizer.kind={kind}", "optimizer.weight_decay=0.1", "objective.l2=0.1", "optimizer.lr=0.05")
    made = kit.begin("mlp", *keys, "model.freeze=[1]", "model.norm=layer")
    parts, start = segments(made), made.values
    made.train(10)
    assert torch.equal(made.values[parts["fc2"]], start[parts["fc2"]])
    assert not torch.equal(made.values[parts["fc1"]], start[parts["fc1"]])
    assert not torch.equal(made.values[parts["out"]], start[parts["out"]])
    assert made.run.info.facts["trainable"] < made.run.info.facts["parameters"]
    made.run.turn("freeze", "0,2", "user", 1)
    middle = made.values
    made.train(10)
    assert torch.equal(made.values[parts["fc1"]], middle[parts["fc1"]])
    assert torch.equal(made.values[parts["out"]], middle[parts["out"]])
    assert not torch.equal(made.values[parts["fc2"]], middle[parts["fc2"]])


def test_frozen_layers_add_nothing_to_the_gradient_norm(kit: Any) -> None:
    made = kit.begin("mlp", "objective.l2=10.0", "model.freeze=[0, 1, 2]", "optimizer.weight_decay=1.0").train(3)
    assert set(made.series("grad/norm").values()) == {0.0}
    assert set(made.series("grad/penalty_ratio").values()) == {0.0}


def test_all_frozen_and_thawed_again(kit: Any) -> None:
    made = kit.begin("mlp", "model.freeze=[0, 1, 2]")
    start = made.values
    made.train(5)
    assert torch.equal(made.values, start)
    made.run.turn("freeze", "", "user", 1)
    made.train(5)
    assert not torch.equal(made.values, start)


def test_a_new_optimizer_keeps_decay_momentum_and_frozen_layers(kit: Any) -> None:
    made = kit.begin("mlp", "optimizer.kind=sgd", "optimizer.lr=0.01", "model.freeze=[0]", at=("5:optimizer=rmsprop",))
    made.run.turn("momentum", 0.5, "user", 1)
    made.run.turn("weight_decay", 0.1, "user", 2)
    start, parts = made.values, segments(made)
    made.train(8)
    optimizer = made.training.optimizer
    assert (optimizer.kind, optimizer.momentum, optimizer.weight_decay) == ("rmsprop", 0.5, 0.1)
    assert torch.equal(made.values[parts["fc1"]], start[parts["fc1"]])
    assert not torch.equal(made.values[parts["out"]], start[parts["out"]])


def test_detached_layers_get_no_gradient(kit: Any) -> None:
    made = kit.begin("mlp", "fault.detach_layer=1", "optimizer.kind=sgd", "optimizer.lr=0.1")
    start, parts = made.values, segments(made)
    made.train(5)
    assert torch.equal(made.values[parts["fc1"]], start[parts["fc1"]])
    assert torch.equal(made.values[parts["fc2"]], start[parts["fc2"]])
    assert not torch.equal(made.values[parts["out"]], start[parts["out"]])
    made.run.turn("fault.detach_layer", -1, "user", 1)
    made.train(5)
    assert not torch.equal(made.values[parts["fc1"]], start[parts["fc1"]])


def test_the_step_never_waits_for_the_device() -> None:
    """No scalar is fetched in the step or in a forward pass (a run on a GPU would stop for it)."""
    from pathlib import Path

    import nnlab.engine as room

    folder = Path(room.__file__).parent
    files = ["training.py", "tasks.py", "optimizers.py"]
    files += [f"models/{name}.py" for name in ("mlp", "two_tower", "activations")]
    files += [f"objectives/{name}.py" for name in ("retrieval", "supervised")]
    for name in files:
        text = (folder / name).read_text(encoding="utf-8")
        for waiting in (".item(", ".cpu(", ".tolist(", ".numpy(", ".nonzero("):
            assert waiting not in text, f"{waiting} in {name}"
    assert "float(" not in (folder / "training.py").read_text(encoding="utf-8")
