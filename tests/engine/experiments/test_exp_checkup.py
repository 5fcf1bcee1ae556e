"""The checkup: healthy scenarios pass every stage; each fault and each illness stops it where it should."""

from collections.abc import Callable

import numpy as np
import pytest

from nnlab.engine.experiments.checkup import Subject, checkup
from nnlab.engine.experiments.labels import shuffle_test

pytestmark = pytest.mark.slow

Ready = Callable[..., Subject]

HEALTHY = [
    ("moons", ("model.dropout=0.2",)),
    ("moons", ("train.batch_size=480", "lr=0.01")),
    ("moons", ("model.norm=batch", "optimizer.kind=sgd", "lr=0.1", "data.label_noise=0.1")),
    ("moons", ("data.val_fraction=0", "data.samples=40", "data.kind=blobs")),
    ("moons", ("data.kind=linear", "data.task=classification", "data.features=60", "data.samples=2000")),
    ("sine", ()),
    ("stream", ()),
    ("towers", ()),
]
FAULTS = [
    ("moons", ("fault.flip_gradient=true",), "step", "flip_gradient"),
    ("moons", ("fault.misaligned_labels=true",), "data", "misaligned_labels"),
    ("moons", ("fault.missing_zero_grad=true",), "step", "missing_zero_grad"),
    ("moons", ("fault.detach_layer=0",), "one batch", "no-gradient"),
    ("moons", ("fault.detach_layer=1",), "one batch", "no-gradient"),
    ("moons", ("fault.detach_layer=2",), "one batch", "no-gradient"),
    ("moons", ("fault.double_softmax=true",), "step", "double_softmax"),
    ("moons", ("fault.double_softmax=true", "objective.kind=bce_with_logits"), "step", "double_softmax"),
    ("moons", ("fault.eval_dropout=true", "model.dropout=0.3"), "step", "eval_dropout"),
    ("moons", ("fault.stale_batch=true",), "data", "stale_batch"),
    ("moons", ("fault.leak_validation=true",), "data", "leak_validation"),
    ("sine", ("fault.flip_gradient=true", "optimizer.kind=sgd"), "step", "flip_gradient"),
    ("sine", ("fault.misaligned_labels=true",), "data", "misaligned_labels"),
    ("stream", ("fault.misaligned_labels=true",), "data", "misaligned_labels"),
    ("stream", ("fault.stale_batch=true",), "data", "stale_batch"),
    ("towers", ("fault.flip_gradient=true",), "step", "flip_gradient"),
    ("towers", ("fault.misaligned_labels=true",), "data", "misaligned_labels"),
    ("towers", ("fault.missing_zero_grad=true",), "step", "missing_zero_grad"),
    ("towers", ("fault.eval_dropout=true",), "step", "eval_dropout"),
    ("towers", ("fault.stale_batch=true",), "data", "stale_batch"),
]
ILL = [
    ("moons", ("data.input_scale=1000",), "data", "unscaled-inputs"),
    ("moons", ("data.shuffle=false",), "data", "unshuffled-data"),
    ("moons", ("data.label_noise=0.5",), "data", "misaligned_labels"),
    ("towers", ("data.negatives=same-query",), "data", "false-negatives"),
    ("moons", ("model.init=normal", "model.init_scale=3"), "step", "bad-init"),
    ("moons", ("model.output_activation=softmax", "objective.kind=bce_with_logits"), "step", "objective-mismatch"),
    ("moons", ("model.freeze=[0, 1, 2]",), "step", "no-gradient"),
    ("moons", ("lr=1e-6",), "learning rate", "lr-too-low"),
    ("moons", ("lr=0",), "learning rate", "no-gradient"),
    ("moons", ("lr=30",), "learning rate", "lr-too-high"),
    ("moons", ("model.hidden=[]", "data.kind=circles", "lr=0.1"), "one batch", "capacity"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("family", "overrides"), HEALTHY)
def test_a_healthy_scenario_passes(subject: Ready, family: str, overrides: tuple[str, ...]) -> None:
    result = checkup(subject(family, *overrides))
    assert result.healthy, result.headline
    assert list(dict.fromkeys(check.stage for check in result.checks)) == [
        "data", "step", "one batch", "gradients", "learning rate", "inputs",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("family", "overrides", "stage", "mode"), FAULTS + ILL)
def test_what_is_wrong_stops_it(subject: Ready, family: str, overrides: tuple[str, ...], stage: str, mode: str) -> None:
    result = checkup(subject(family, *overrides))
    wrong = [check for check in result.checks if check.state == "wrong"]
    assert (result.healthy, result.stopped_at) == (False, stage), result.headline
    assert wrong[0].mode == mode, result.headline
    assert result.headline == f"{mode}: {wrong[0].text}"
    assert result.checks[-1].stage == stage


def test_every_fault_has_its_row() -> None:
    from nnlab.scenario.training import Fault

    tried = {override.partition("=")[0] for _, overrides, _, _ in FAULTS for override in overrides}
    assert {f"fault.{name}" for name in Fault.model_fields} <= tried


def test_a_checkup_leaves_the_training_alone(subject: Ready) -> None:
    ready, twin = subject("moons"), subject("moons")
    checkup(ready)
    for item in (ready, twin):
        for _ in range(20):
            item.training.one_step()
    assert ready.training.parameters.values.equal(twin.training.parameters.values)


def test_shuffled_labels_are_told_from_real_ones() -> None:
    draw = np.random.default_rng(1)
    x = draw.normal(size=(300, 4))
    ring = (np.square(x[:, :2]).sum(axis=1) > 1.4).astype(float)[:, None]
    line = (x[:, :1] > 0).astype(float)
    for y in (ring, line, x @ draw.normal(size=(4, 2))):
        assert shuffle_test(x, y).p <= 0.02
    wrong = sum(shuffle_test(x, draw.permutation(ring)).p <= 0.02 for _ in range(20))
    assert wrong <= 2
