"""Initial weights: their statistics, and those that are exact."""

import math
from typing import Any

import pytest
import torch

from nnlab.engine.models.initial import initialise

OUT, IN = 300, 200


def drawn(init: Any, scale: float | None = None) -> torch.Tensor:
    torch.manual_seed(0)
    weight = torch.full((OUT, IN), math.nan)
    initialise(weight, init, scale)
    return weight


@pytest.mark.parametrize(
    ("init", "scale", "std", "bound"),
    [
        ("default", None, 1 / math.sqrt(3 * IN), 1 / math.sqrt(IN)),
        ("xavier_uniform", None, math.sqrt(2 / (IN + OUT)), math.sqrt(6 / (IN + OUT))),
        ("xavier_uniform", 2.0, 2 * math.sqrt(2 / (IN + OUT)), 2 * math.sqrt(6 / (IN + OUT))),
        ("xavier_normal", None, math.sqrt(2 / (IN + OUT)), None),
        ("kaiming_uniform", None, math.sqrt(2 / IN), math.sqrt(6 / IN)),
        ("kaiming_normal", 3.0, 3 * math.sqrt(2 / IN), None),
        ("normal", None, 0.01, None),
        ("normal", 0.5, 0.5, None),
        ("uniform", None, 0.01 / math.sqrt(3), 0.01),
        ("uniform", 0.5, 0.5 / math.sqrt(3), 0.5),
    ],
)
def test_mean_and_spread(init: str, scale: float | None, std: float, bound: float | None) -> None:
    weight = drawn(init, scale)
    assert float(weight.std()) == pytest.approx(std, rel=0.01)
    assert abs(float(weight.mean())) < 4 * std / math.sqrt(OUT * IN)
    if bound is not None:
        assert 0.99 * bound < float(weight.abs().max()) <= bound * (1 + 1e-6)
    else:
        assert float((weight.abs() > 2 * std).float().mean()) == pytest.approx(0.0455, abs=0.005)


def test_the_exact_ones() -> None:
    assert set(drawn("zeros").unique().tolist()) == {0.0}
    assert drawn("constant").unique().tolist() == pytest.approx([0.01])
    assert drawn("constant", 0.5).unique().tolist() == [0.5]
    torch.testing.assert_close(drawn("orthogonal", 2.0).T @ drawn("orthogonal", 2.0), 4.0 * torch.eye(IN))


def test_a_list_sets_each_layer_and_its_own_scale(kit: Any) -> None:
    keys = ('model.init=["normal", "zeros", "constant"]', "model.init_scale=[0.5, 1.0, 2.0]", "model.bias_init=0.25")
    made = kit.begin("mlp", *keys)
    first, second, last = made.training.task.network.linears
    assert float(first.weight.detach().std()) == pytest.approx(0.5, rel=0.5)
    assert set(second.weight.detach().unique().tolist()) == {0.0}
    assert set(last.weight.detach().unique().tolist()) == {2.0}
    assert {float(one) for linear in (first, second, last) for one in linear.bias.detach()} == {0.25}
    assert made.run.info.facts["row_symmetry"] == pytest.approx(2 / 3)


def test_seeds_decide_the_weights(kit: Any) -> None:
    one, same, other = kit.begin("mlp"), kit.begin("mlp"), kit.begin("mlp", seed=4)
    assert torch.equal(one.values, same.values)
    assert not torch.equal(one.values, other.values)
