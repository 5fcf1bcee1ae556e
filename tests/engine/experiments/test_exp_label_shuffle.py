"""The label-shuffle check: what labels say is learned, noise is told apart from a training that finds nothing."""

from collections.abc import Callable

import pytest
import torch

from nnlab.engine.build import Plan
from nnlab.engine.experiments.label_shuffle import label_shuffle
from nnlab.errors import UserError

pytestmark = pytest.mark.slow

Make = Callable[..., Plan]


@pytest.mark.parametrize("family", ["moons", "stream", "sine", "towers"])
def test_true_labels_beat_shuffled_ones(make: Make, family: str) -> None:
    result = label_shuffle(make(family, "lr=0.01").training)
    assert (result.verdict, result.right, result.cause) == ("learns from the labels", True, "")
    own, *others = result.courses
    assert len(others) == 3
    assert min(own.losses) < 0.8 * min(min(other.losses) for other in others)
    assert own.steps[:3] == (0, 20, 40)


@pytest.mark.parametrize("fault", ["label_noise=0.5", "fault.misaligned_labels=true"])
def test_labels_without_information(make: Make, fault: str) -> None:
    result = label_shuffle(make("moons", fault).training)
    assert (result.verdict, result.right, result.cause) == ("nothing to learn", False, "misaligned_labels")
    assert result.checks[0].state == "wrong"


def test_a_training_that_does_not_find_what_labels_carry(make: Make) -> None:
    result = label_shuffle(make("moons", "lr=0").training)
    assert (result.verdict, result.right) == ("does not find it", False)
    assert result.courses[0].steps[-1] == 800
    assert result.checks[0].state == "ok"


def test_the_training_stays_as_it_was(make: Make) -> None:
    touched, twin = make("moons").training, make("moons").training
    again = label_shuffle(touched)
    assert label_shuffle(touched) == again
    for training in (touched, twin):
        for _ in range(30):
            training.one_step()
    assert torch.equal(touched.parameters.values, twin.parameters.values)


def test_what_it_cannot_judge_is_said(make: Make) -> None:
    with pytest.raises(UserError, match=r"data\.val_fraction"):
        label_shuffle(make("moons", "data.val_fraction=0").training)
