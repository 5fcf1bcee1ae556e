"""The baselines, and half a step against two."""

from collections.abc import Callable

import pytest

from nnlab.engine.build import Plan
from nnlab.engine.experiments.baselines import baselines
from nnlab.engine.experiments.step_sizes import compare_steps

pytestmark = pytest.mark.slow

Make = Callable[..., Plan]


@pytest.mark.parametrize("family", ["moons", "towers"])
def test_a_model_that_uses_its_inputs(make: Make, family: str) -> None:
    result = baselines(make(family).training)
    assert (result.right, result.cause) == (True, "")
    real, blind = result.courses
    assert (real.label, blind.label) == ("real inputs", "inputs zeroed")
    assert sum(real.losses[-20:]) < sum(blind.losses[-20:])


def test_inputs_that_bring_nothing(make: Make) -> None:
    result = baselines(make("moons", "label_noise=0.5", "lr=1e-4").training)
    assert (result.right, result.cause) == (False, "underfitting")
    assert result.verdict == "no better than a baseline"
    assert len(result.courses[0].losses) == 1000


def test_a_first_loss_that_is_huge(make: Make) -> None:
    result = baselines(make("moons", 'model.init="normal"', "model.init_scale=5").training)
    assert (result.right, result.cause) == (False, "bad-init")


@pytest.mark.parametrize(("rate", "verdict", "right"), [("0.09", "could be longer", True), ("30", "too long", False)])
def test_the_length_of_a_step(make: Make, rate: str, verdict: str, right: bool) -> None:
    result = compare_steps(make("moons", "optimizer=sgd", f"lr={rate}").training)
    assert (result.verdict, result.right) == (verdict, right)
    assert result.cause == ("" if right else "lr-too-high")
