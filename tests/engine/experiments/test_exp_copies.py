"""An experiment on a live training leaves it bit for bit as it was: what follows is what would have followed."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from nnlab.engine.build import Plan
from nnlab.engine.experiments.copies import copy_of
from nnlab.engine.experiments.lr_range import lr_range
from nnlab.engine.experiments.overfit import overfit_batch
from nnlab.engine.experiments.step_sizes import step_sizes
from nnlab.engine.training import Training

pytestmark = pytest.mark.slow

Make = Callable[..., Plan]


def state(training: Training) -> list[Tensor]:
    """Everything that decides what comes next, but for the batches."""
    optimizer, values = training.optimizer, training.parameters
    tensors = values.values, values.grads, optimizer.first, optimizer.second, training.lr, torch.get_rng_state()
    numbers = torch.tensor([training.step, training.ring.count, training.base_lr, training.task.dropout])
    return [*(tensor.clone() for tensor in tensors), numbers]


def go_on(training: Training) -> list[float]:
    training.ring.fetch()
    for _ in range(30):
        training.one_step()
    return training.ring.fetch()[1].tolist()


@pytest.mark.parametrize(
    ("family", "overrides"),
    [
        ("moons", ("model.dropout=0.3", "weight_decay=0.01", "model.norm=batch", "schedule.kind=cosine")),
        ("moons", ("optimizer.kind=sgd", "momentum=0.9", "objective.label_smoothing=0.1", "objective.l2=1e-4")),
        ("stream", ("optimizer.kind=rmsprop",)),
        ("towers", ("model.encoder=bigru", "model.hidden_dim=4", "data.query_length=3", "data.document_length=4")),
    ],
)
def test_experiments_leave_a_training_bit_for_bit_alone(make: Make, family: str, overrides: tuple[str, ...]) -> None:
    watched, twin = make(family, *overrides).training, make(family, *overrides).training
    for training in (watched, twin):
        torch.manual_seed(5)
        go_on(training)
    torch.manual_seed(6)
    before = state(watched)
    overfit_batch(watched)
    lr_range([watched] * 2)
    step_sizes(watched)
    assert all(torch.equal(a, b) for a, b in zip(before, state(watched), strict=True))
    after = go_on(watched)
    torch.manual_seed(6)
    assert after == go_on(twin)
    assert torch.equal(watched.parameters.values, twin.parameters.values)


def test_a_copy_trains_as_its_original_would_and_apart_from_it(make: Make) -> None:
    original = make("moons", "model.norm=batch").training
    go_on(original)
    copy = copy_of(original)
    weight = next(iter(copy.task.network.parameters()))
    assert weight.data_ptr() == copy.parameters.values.data_ptr()
    assert weight.grad is not None and weight.grad.data_ptr() == copy.parameters.grads.data_ptr()
    before = original.parameters.values.clone()
    losses = go_on(copy)
    assert torch.equal(original.parameters.values, before)
    assert losses == go_on(original)
    assert torch.equal(copy.parameters.values, original.parameters.values)
