"""Data that change under the model: replay, elastic weight consolidation, and what is measured of earlier data."""

from typing import Any

import pytest
import torch
from torch import Tensor

from nnlab.engine.batches import Batch
from nnlab.engine.fisher import fisher
from nnlab.wire.events import Marked

TASKS = ("data={kind='tasks',count=3,features=6,samples=300}", "train.steps=60", "train.eval_every=5")
PHASES = """
[[data.phases]]
from_step = 20
classes = [2]
"""


def begin(kit: Any, *keys: str, **options: Any) -> Any:
    return kit.begin("mlp", *TASKS, *keys, **options)


def row_by_row(task: Any, batch: Batch) -> Tensor:
    """The definition: squared gradients of each row's loss at each label, weighted by the model's own chances."""
    parameters = [p for _, layer in task.network.layers() for p in layer.parameters()]
    total = torch.zeros(sum(p.numel() for p in parameters))
    for inputs, target in zip(batch.inputs, batch.targets, strict=True):
        outputs = task.network(inputs.unsqueeze(0), 0.0, False)
        if task.objective.kind == "cross_entropy":
            chances = torch.softmax(outputs.detach(), dim=1)[0]
            labels = list(torch.arange(len(chances)))
        elif task.objective.kind == "bce_with_logits":
            one = torch.sigmoid(outputs.detach())[0, 0]
            chances, labels = torch.stack((1 - one, one)), [torch.tensor([0.0]), torch.tensor([1.0])]
        else:
            chances, labels = torch.ones(1), [target]
        for chance, label in zip(chances, labels, strict=True):
            row = Batch(inputs.unsqueeze(0), label.unsqueeze(0))
            loss = task.losses(task.network(row.inputs, 0.0, False), row).mean()
            found = torch.autograd.grad(loss, parameters, allow_unused=True, materialize_grads=True)
            total += chance * torch.cat([gradient.reshape(-1) for gradient in found]).square()
    return total / len(batch.inputs)


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("mlp", ("model.norm=layer",)),
        ("mlp", ("model.norm=batch", "model.residual=true", "model.hidden=[8,8]")),
        ("mlp", ("objective.kind=bce_with_logits", "data.classes=2", "model.activation=tanh")),
        ("mlp", ("fault.detach_layer=0",)),
        ("mlp", ("objective.kind=hinge",)),
        ("regression", ("data.outputs=2",)),
    ],
)
def test_the_fisher_information_against_its_definition_row_by_row(kit: Any, kind: str, keys: tuple[str, ...]) -> None:
    made = kit.begin(kind, *keys, probes=False).train(10)
    task = made.training.task
    batch = task.part(task.probe(), 12)
    torch.testing.assert_close(fisher(task, batch), row_by_row(task, batch), rtol=1e-4, atol=1e-8)


def test_frozen_layers_have_fisher_information_too(kit: Any) -> None:
    made = kit.begin("mlp", probes=False)
    task = made.training.task
    batch = task.part(task.probe(), 12)
    free = fisher(task, batch)
    made.training.parameters.freeze(["fc1", "fc2"])
    torch.testing.assert_close(fisher(task, batch), free)


def test_each_task_is_marked_and_measured_from_its_first_step(kit: Any) -> None:
    made = begin(kit).train()
    assert [(event.step, event.text) for event in made.told if isinstance(event, Marked) and event.kind == "phase"] == [
        (20, "task 1"), (40, "task 2"),
    ]  # fmt: skip
    for index, first in enumerate((0, 25, 45)):
        steps = list(made.series(f"task/{index}/accuracy"))
        assert steps[0] == first and steps[-1] == 60
    announced = {spec.name for spec in made.run.info.series}
    assert {"task/2/accuracy", "task/backward_transfer", "fisher/drift"} <= announced


def test_backward_transfer_is_the_mean_change_since_each_task_ended(kit: Any) -> None:
    made = begin(kit).train()
    first, second = made.series("task/0/accuracy"), made.series("task/1/accuracy")
    transfer = made.series("task/backward_transfer")
    assert min(transfer) == 25
    assert transfer[30] == pytest.approx(first[30] - first[20], abs=1e-6)
    assert transfer[60] == pytest.approx((first[60] - first[20] + second[60] - second[40]) / 2, abs=1e-6)


def test_phases_are_measured_on_the_classes_that_they_trained_on(kit: Any) -> None:
    made = kit.begin("mlp", "train.eval_every=5", text=PHASES).train()
    batches = made.training.task.batches
    whole, last = batches.examined(1000)
    assert set(whole.targets.tolist()) == {0, 1, 2} and set(last.targets.tolist()) == {2}
    assert list(made.series("phase/0/accuracy"))[-1] == 40 and min(made.series("phase/1/accuracy")) == 25
    assert "phase/0/accuracy" not in {spec.name for spec in kit.begin("mlp").run.info.series}


def test_fisher_drift_is_zero_where_a_task_ends_and_grows(kit: Any) -> None:
    made = begin(kit).train(21)
    training = made.training
    assert training.learned.rows is not None
    now = fisher(training.task, training.learned.rows)
    assert 0.0 < float(1.0 - torch.cosine_similarity(now, training.learned.reference, dim=0)) < 1.0
    drift = made.train().series("fisher/drift")
    assert min(drift) > 20 and all(0.0 <= value <= 1.0 for value in drift.values())


def test_replay_fills_its_share_with_rows_of_earlier_tasks(kit: Any) -> None:
    batches = begin(kit, "data.replay=0.25", probes=False).train(45).training.task.batches
    old, now = [source.x_train for source in batches.past], batches.source.x_train
    earlier = {row.tobytes() for x in old for row in x}
    found = [batches.next().inputs.numpy() for _ in range(30)]
    shares = [sum(row.tobytes() in earlier for row in x) for x in found]
    assert set(shares) == {4}
    assert {row.tobytes() for x in found for row in x} & {row.tobytes() for row in now}
    assert all(any(row.tobytes() in {r.tobytes() for r in x} for batch in found for row in batch) for x in old)


def test_replay_leaves_the_first_task_and_the_order_of_new_rows_alone(kit: Any) -> None:
    plain, replayed = begin(kit, probes=False).train(21), begin(kit, "data.replay=0.5", probes=False).train(21)
    ours, theirs = plain.series("train/loss"), replayed.series("train/loss")
    assert [ours[step] for step in range(20)] == [theirs[step] for step in range(20)]
    assert ours[20] != theirs[20]
    batches = [made.training.task.batches for made in (plain, replayed)]
    for one in batches:
        one.use(one.source)
    whole, half = (one.next().inputs for one in batches)
    assert len(whole) == len(half) == 16 and torch.equal(half[:8], whole[:8])


def test_consolidation_adds_the_gradient_of_its_quadratic(kit: Any) -> None:
    training = begin(kit, probes=False).train(45).training
    learned, parameters = training.learned, training.parameters
    assert learned.fisher.shape == learned.anchors.shape == (2, len(parameters.values))
    values = parameters.values.clone().requires_grad_()
    penalty = 0.5 * 30.0 * (learned.fisher * (values - learned.anchors).square()).sum()
    (wanted,) = torch.autograd.grad(penalty, values)
    parameters.freeze(["fc1"])
    learned.hold(30.0, parameters, 1.0)
    torch.testing.assert_close(parameters.grads, wanted * parameters.learning_mask)
    assert float(parameters.grads.abs().sum()) > 0.0


def test_consolidation_can_be_turned_live_and_holds_the_weights(kit: Any) -> None:
    free, held = begin(kit, probes=False), begin(kit, at=("25:ewc=300",), probes=False)
    for made in (free, held):
        made.train()
    assert torch.equal(free.training.learned.anchors[0], held.training.learned.anchors[0])
    first = free.training.learned

    def moved(made: Any) -> float:
        return float((first.fisher[0] * (made.values - first.anchors[0]).square()).sum())

    assert moved(held) < 0.5 * moved(free)


def test_what_is_measured_of_earlier_data_changes_no_training(kit: Any) -> None:
    keys = ("data.replay=0.2", "objective.ewc=50", "model.dropout=0.2")
    assert torch.equal(begin(kit, *keys).train().values, begin(kit, *keys, probes=False).train().values)


def test_a_stream_is_held_from_the_onset_of_its_drift(kit: Any) -> None:
    made = kit.begin("stream", "objective.ewc=10").train()
    assert len(made.training.learned.anchors) == 1
    assert min(made.series("fisher/drift")) > 20
