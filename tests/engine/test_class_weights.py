"""Class weights against torch's own losses and scikit-learn's "balanced"."""

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (torch's own convention)
from sklearn.utils.class_weight import compute_class_weight

from nnlab.engine.objectives import supervised
from nnlab.engine.objectives.class_weights import balanced

SKEWED = ("data.imbalance=8", "data.label_noise=0.2")


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_weights_as_torch_has_them(smoothing: float) -> None:
    draw = torch.Generator().manual_seed(1)
    logits, classes = torch.randn(20, 3, generator=draw), torch.randint(3, (20,), generator=draw)
    weights = torch.tensor([0.5, 2.0, 3.0])
    ours = supervised.mean(
        "cross_entropy", supervised.LOSSES["cross_entropy"](logits, classes, smoothing, weights), classes, weights
    )
    torch.testing.assert_close(ours, F.cross_entropy(logits, classes, weights, label_smoothing=smoothing))
    keras = supervised.LOSSES["categorical_cross_entropy"](logits.softmax(1), classes, smoothing, weights)
    torch.testing.assert_close(supervised.mean("categorical_cross_entropy", keras, classes, weights), ours)
    columns = F.one_hot(classes).float()
    smooth = columns * (1 - smoothing) + 0.5 * smoothing
    wanted = F.binary_cross_entropy_with_logits(logits, smooth, pos_weight=weights)
    for kind, outputs in (("bce_with_logits", logits), ("binary_cross_entropy", logits.sigmoid())):
        losses = supervised.LOSSES[kind](outputs, columns, smoothing, weights)  # type: ignore[index]
        torch.testing.assert_close(supervised.mean(kind, losses, columns, weights), wanted)  # type: ignore[arg-type]


def test_balanced_as_scikit_learn_has_it() -> None:
    classes = np.repeat([0, 1, 2], [30, 5, 1])
    ours = balanced("cross_entropy", torch.from_numpy(classes), 3)
    assert ours.tolist() == pytest.approx(compute_class_weight("balanced", classes=np.arange(3), y=classes).tolist())
    positive = torch.tensor([[1.0], [0.0], [0.0], [0.0]])
    assert balanced("bce_with_logits", positive, 2).tolist() == [3.0]


@pytest.mark.parametrize("kind", ["cross_entropy", "bce_with_logits"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_constant_loss_is_the_least_that_a_constant_costs(kit: Any, kind: str, smoothing: float) -> None:
    """The unit in which the diagnosis counts follows the weights: no other constant costs less."""
    made = kit.begin("mlp", *SKEWED, f"objective.kind={kind}", f"label_smoothing={smoothing}", "class_weights=balanced")
    task = made.run.training.task
    targets = task.batches.all_targets()
    best = supervised.constant_outputs(task.objective.kind, targets, 3, smoothing, task.weights)

    def cost(outputs: torch.Tensor) -> float:
        kind, every = task.objective.kind, outputs.expand(len(targets), -1)
        losses = supervised.LOSSES[kind](every, targets, smoothing, task.weights)
        return float(supervised.mean(kind, losses, targets, task.weights))

    facts = made.run.info.facts
    assert facts["constant_loss"] == pytest.approx(cost(best))
    assert facts["constant_loss"] == facts["constant_loss/balanced"] > facts["constant_loss/none"]
    for column in range(best.shape[1]):
        for change in (-0.05, 0.05):
            assert cost(best + change * F.one_hot(torch.tensor(column), best.shape[1])) > cost(best)


def test_turned_to_balanced_it_goes_on_as_if_so_weighted(kit: Any) -> None:
    """A live turn and a run begun with the same weights agree once their parameters do: at step 0."""
    turned, begun = kit.begin("mlp", *SKEWED), kit.begin("mlp", *SKEWED, "class_weights=balanced")
    turned.run.turn("class_weights", "balanced", "user", 1)
    turned.train(10)
    begun.train(10)
    assert turned.series("train/loss") == begun.series("train/loss")
    plain = kit.begin("mlp", *SKEWED).train(10)
    assert plain.series("train/loss")[0] != begun.series("train/loss")[0]


def test_own_weights_must_fit_the_classes(kit: Any) -> None:
    made = kit.begin("mlp", "class_weights=[1, 2, 3.5]")
    knob = next(knob for knob in made.run.info.knobs if knob.id == "class_weights")
    assert (knob.value, knob.choices) == ("1,2,3.5", ("none", "balanced", "1,2,3.5"))
    with pytest.raises(Exception, match="cross_entropy needs one for each class, 3 in all, not 2"):
        kit.begin("mlp", "class_weights=[1, 2]")
