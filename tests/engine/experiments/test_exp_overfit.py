"""The one-batch overfit test: sound scenarios fit, broken ones do not and say why."""

from collections.abc import Callable

import pytest

from nnlab.engine.build import Plan
from nnlab.engine.experiments.overfit import overfit_batch

pytestmark = pytest.mark.slow

Make = Callable[..., Plan]


@pytest.mark.parametrize(
    ("family", "overrides"),
    [
        ("moons", ("model.dropout=0.5", "weight_decay=0.1", "objective.l2=0.1")),
        ("moons", ("data.shuffle=false",)),
        ("moons", ("train.batch_size=400",)),
        ("moons", ("train.batch_size=1",)),
        ("moons", ("objective.kind=bce_with_logits", "objective.reduction=sum", "lr=3e-4")),
        ("sine", ()),
        ("stream", ("schedule.kind=warmup", "schedule.warmup_steps=500")),
        ("towers", ()),
        ("towers", ("objective.kind=contrastive", "objective.temperature=1.0")),
    ],
)
def test_a_sound_scenario_learns_one_batch_by_heart(make: Make, family: str, overrides: tuple[str, ...]) -> None:
    result = overfit_batch(make(family, *overrides).training)
    assert (result.fits, result.cause) == (True, "")
    assert [check.text for check in result.checks if check.state == "wrong"] == []
    assert result.trials[0].losses[-1] < result.trials[0].losses[0]
    assert 8 <= result.rows <= 32


@pytest.mark.parametrize(
    ("overrides", "fits", "cause"),
    [
        (("fault.flip_gradient=true",), False, "flip_gradient"),
        (("fault.missing_zero_grad=true", "optimizer.kind=sgd", "lr=0.5"), True, "missing_zero_grad"),
        (("fault.double_softmax=true",), False, "double_softmax"),
        (("fault.detach_layer=0",), True, "no-gradient"),
        (("fault.detach_layer=2",), False, "no-gradient"),
        (("model.freeze=[0, 1, 2]",), False, "no-gradient"),
        (("lr=0",), True, "no-gradient"),
        (("lr=1e-6",), True, "lr-too-low"),
        (("lr=30",), True, "lr-too-high"),
        (("model.hidden=[]", "data.kind=circles", "lr=0.1"), False, "capacity"),
        (("model.activation=sigmoid", "model.hidden=[16, 16, 16, 16, 16, 16, 16, 16]", "optimizer.kind=sgd"), False,
         "vanishing-gradients"),
        (("model.output_activation=softmax", "objective.kind=binary_cross_entropy"), False, "objective-mismatch"),
        (("model.bias_init=-9", "optimizer.kind=sgd", "lr=0.01"), False, "dead-units"),
        (("data.input_scale=1e6", "model.activation=exponential"), False, "nonfinite"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_traced_to_its_cause(
    make: Make, overrides: tuple[str, ...], fits: bool, cause: str
) -> None:
    result = overfit_batch(make("moons", *overrides).training)
    assert (result.fits, result.cause) == (fits, cause), result.headline


def test_targets_that_the_output_cannot_reach(make: Make) -> None:
    result = overfit_batch(make("sine", "model.output_activation=sigmoid").training)
    assert result.cause == "objective-mismatch"
    assert "sigmoid gives 0 to 1" in result.headline


def test_contradictory_labels_are_counted(make: Make) -> None:
    # Inputs so small that float32 keeps next to nothing of them.
    result = overfit_batch(make("moons", "data.input_scale=1e-45").training)
    (check,) = [check for check in result.checks if check.name == "contradictions"]
    assert (check.state, result.fits, result.cause) == ("wrong", False, "label-noise")
    assert check.value > check.threshold


def test_equal_orders_give_equal_results(make: Make) -> None:
    first, second = (overfit_batch(make("moons", "model.dropout=0.2").training) for _ in range(2))
    assert first == second
