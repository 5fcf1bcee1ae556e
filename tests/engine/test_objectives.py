"""Losses against torch, formulas by hand, and the constant guess against a search."""

import math
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from nnlab.engine.objectives import retrieval, supervised
from nnlab.scenario.training import ObjectiveKind


def draw(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


LOGITS = draw(0, 20, 4)
CLASSES = torch.arange(20) % 4
COLUMN = draw(1, 20, 3)
BITS = (draw(2, 20, 3) > 0).float()
REALS = 3.0 * draw(3, 20, 3)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_on_logits_as_torch_has_them(smoothing: float) -> None:
    ours = supervised.cross_entropy(LOGITS, CLASSES, smoothing)
    theirs = torch.nn.CrossEntropyLoss(reduction="none", label_smoothing=smoothing)(LOGITS, CLASSES)
    torch.testing.assert_close(ours, theirs)
    shares = F.softmax(draw(5, 20, 4), dim=1)
    by_hand = -((shares * (1 - smoothing) + smoothing / 4) * F.log_softmax(LOGITS, dim=1)).sum(dim=1)
    torch.testing.assert_close(supervised.cross_entropy(LOGITS, shares, smoothing), by_hand)
    soft = BITS * (1 - smoothing) + 0.5 * smoothing
    torch.testing.assert_close(
        supervised.bce_with_logits(COLUMN, BITS, smoothing),
        torch.nn.BCEWithLogitsLoss(reduction="none")(COLUMN, soft),
    )


def test_regression_losses_as_torch_has_them() -> None:
    for kind, theirs in (("mse", F.mse_loss), ("mae", F.l1_loss), ("huber", F.huber_loss)):
        ours = supervised.LOSSES[kind](COLUMN, REALS, 0.0)
        torch.testing.assert_close(ours, theirs(COLUMN, REALS, reduction="none"))


def test_hinge_by_hand() -> None:
    found = supervised.hinge(torch.tensor([[2.0], [0.5], [-0.5]]), torch.tensor([[1.0], [1.0], [1.0]]), 0.0)
    assert found.flatten().tolist() == [0.0, 0.5, 1.5]
    assert supervised.hinge(torch.tensor([[2.0]]), torch.tensor([[0.0]]), 0.0).flatten().tolist() == [3.0]


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_keras_on_probabilities(smoothing: float) -> None:
    """keras.losses: probabilities are normalised over classes and clipped to [1e-7, 1 − 1e-7]."""
    rows = np.array([[0.2, 0.5, 0.3], [2.0, 1.0, 1.0], [0.0, 1.0, 0.0]])
    index = [1, 0, 2]
    p = np.clip(rows / rows.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7)
    y = np.eye(3)[index] * (1 - smoothing) + smoothing / 3
    ours = supervised.categorical_cross_entropy(torch.tensor(rows).float(), torch.tensor(index), smoothing)
    assert ours.tolist() == pytest.approx((-(y * np.log(p)).sum(axis=1)).tolist(), rel=1e-4)
    several = supervised.categorical_cross_entropy(torch.tensor(rows).float(), torch.tensor(y).float(), 0.0)
    assert several.tolist() == pytest.approx((-(y * np.log(p)).sum(axis=1)).tolist(), rel=1e-4)

    q, bits = np.array([[0.0], [0.3], [1.0]]), np.array([[1.0], [1.0], [0.0]])
    clipped = np.clip(q, np.float32(1e-7), 1 - np.float32(1e-7)).astype(np.float32)
    soft = bits * (1 - smoothing) + 0.5 * smoothing
    expected = -(soft * np.log(clipped) + (1 - soft) * np.log(1 - clipped))
    found = supervised.binary_cross_entropy(torch.tensor(q).float(), torch.tensor(bits).float(), smoothing)
    assert found.flatten().tolist() == pytest.approx(expected.flatten().tolist(), rel=1e-3)


SKEWED = torch.tensor([0, 0, 0, 0, 1, 1, 2, 0])
TARGETS: dict[ObjectiveKind, Tensor] = {
    "cross_entropy": SKEWED, "categorical_cross_entropy": SKEWED, "bce_with_logits": (SKEWED > 0).float()[:, None],
    "binary_cross_entropy": (SKEWED > 0).float()[:, None], "hinge": (SKEWED > 0).float()[:, None],
    "mse": torch.tensor([[0.0], [1.0], [2.0], [9.0], [30.0]]),
    "mae": torch.tensor([[0.0], [1.0], [2.0], [9.0], [30.0]]),
    "huber": torch.tensor([[0.0, 5.0], [1.0, 5.5], [2.0, 6.0], [9.0, 7.2], [30.0, 7.4]]),
}  # fmt: skip


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("smoothing", [0.0, 0.4])
def test_no_constant_guess_beats_the_constant_guess(kind: ObjectiveKind, smoothing: float) -> None:
    targets = TARGETS[kind]
    best = supervised.constant_outputs(kind, targets, 3 if kind in supervised.INDEXED else 0, smoothing)

    def loss(outputs: Tensor) -> float:
        return float(supervised.LOSSES[kind](outputs.expand(len(targets), -1), targets, smoothing).mean())

    least = loss(best)
    assert math.isfinite(least)
    for seed in range(200):
        for size in (0.01, 0.1, 1.0):
            other = best + size * draw(seed, *best.shape)
            if kind in {"categorical_cross_entropy", "binary_cross_entropy"}:
                other = other.clamp(1e-6, 1 - 1e-6)
            assert loss(other) >= least * (1 - 1e-6) - 1e-6


@pytest.mark.parametrize(("kind", "classes", "targets", "wanted"), [
    ("cross_entropy", 2, 0, 2), ("cross_entropy", 5, 0, 5), ("bce_with_logits", 2, 0, 1), ("mse", 4, 0, 4),
    ("mse", 0, 3, 3), ("bce_with_logits", 0, 2, 2),
])  # fmt: skip
def test_width_of_the_output(kind: ObjectiveKind, classes: int, targets: int, wanted: int) -> None:
    assert supervised.width(kind, classes, targets) == wanted


def test_targets_in_the_objectives_own_form() -> None:
    y = np.array([0, 2, 1])
    assert supervised.prepare("cross_entropy", y, 3).tolist() == [0, 2, 1]
    assert supervised.prepare("mse", y, 3).tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert supervised.prepare("bce_with_logits", np.array([0, 1]), 2).tolist() == [[0.0], [1.0]]
    assert supervised.prepare("mse", np.array([1.5, 2.0], dtype=np.float32), 0).tolist() == [[1.5], [2.0]]


# --- retrieval ---------------------------------------------------------------------------------------------------

QUERY, POSITIVE = draw(10, 9, 5), draw(11, 9, 5)


def table(distance: str) -> list[list[float]]:
    """Similarities by a loop over pairs."""

    def one(a: Tensor, b: Tensor) -> float:
        if distance == "euclidean":
            return -math.dist(a.tolist(), b.tolist())
        return float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))

    return [[one(a, b) for b in POSITIVE] for a in QUERY]


@pytest.mark.parametrize("distance", ["cosine", "euclidean"])
def test_similarities_by_a_loop(distance: str) -> None:
    expected = torch.tensor(table(distance))
    torch.testing.assert_close(retrieval.similarities(QUERY, POSITIVE, distance), expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(
        retrieval.similarity(QUERY, POSITIVE, distance), expected.diagonal(), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("distance", ["cosine", "euclidean"])
@pytest.mark.parametrize("how", ["in-batch", "hard", "semi-hard"])
def test_negatives_from_the_batch_by_a_loop(how: Any, distance: str) -> None:
    found = retrieval.choose(QUERY, POSITIVE, how, distance).tolist()
    for i, row in enumerate(table(distance)):
        others = [j for j in range(9) if j != i]
        easier = [j for j in others if row[j] < row[i]]
        expected = {
            "in-batch": (i + 1) % 9,
            "hard": max(others, key=row.__getitem__),
            "semi-hard": max(easier, key=row.__getitem__) if easier else min(others, key=row.__getitem__),
        }
        assert found[i] == expected[how]


def test_semi_hard_without_an_easier_one_takes_the_easiest_other() -> None:
    query = torch.tensor([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    positive = torch.tensor([[-1.0, 0.0], [1.0, 0.1], [0.0, 1.0]])
    assert retrieval.choose(query, positive, "semi-hard", "cosine").tolist()[0] == 2


def test_losses_of_triplets_by_hand() -> None:
    near, far = table("cosine"), retrieval.similarity(QUERY, POSITIVE.flip(0), "cosine").tolist()
    margin, temperature = torch.tensor(0.3), torch.tensor(0.5)
    embeddings = (QUERY, POSITIVE, POSITIVE.flip(0))
    gaps = [near[i][i] - far[i] for i in range(9)]
    found = retrieval.losses("triplet", embeddings, "cosine", margin, temperature)
    assert found.tolist() == pytest.approx([max(0.0, 0.3 - gap) for gap in gaps], abs=1e-5)
    found = retrieval.losses("soft_triplet", embeddings, "cosine", margin, temperature)
    assert found.tolist() == pytest.approx([math.log1p(math.exp(-gap / 0.5)) for gap in gaps], abs=1e-5)
    found = retrieval.losses("contrastive", embeddings, "cosine", margin, temperature)
    expected = [math.log(sum(math.exp(s / 0.5) for s in row)) - row[i] / 0.5 for i, row in enumerate(near)]
    assert found.tolist() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("kind", ["triplet", "soft_triplet", "contrastive"])
def test_constant_loss_is_that_of_equal_embeddings(kind: ObjectiveKind) -> None:
    same = torch.ones(9, 5)
    found = retrieval.losses(kind, (same, same, same), "cosine", torch.tensor(0.3), torch.tensor(0.1))
    assert float(found.mean()) == pytest.approx(retrieval.constant_loss(kind, 0.3, 9), abs=1e-5)


def test_contrastive_readings_are_among_as_many_as_a_training_batch(kit: Any) -> None:
    """Otherwise the loss of a larger sample could not be held against the training loss or ln(batch)."""
    made = kit.begin("towers", "objective.kind=contrastive", "objective.temperature=1000.0")
    for name in ("train/probe_loss", "val/loss"):
        assert made.series(name)[0] == pytest.approx(math.log(8), rel=1e-2)
    assert made.run.info.facts["constant_loss"] == pytest.approx(math.log(8))


@pytest.mark.parametrize("how", ["in-batch", "hard", "semi-hard"])
def test_false_negatives_replace_some_of_those_from_the_batch(kit: Any, how: str) -> None:
    made = kit.begin("towers", f"data.negatives={how}", "data.false_negative_rate=0.4")
    task = made.training.task
    source = task.batches.source
    share = []
    for _ in range(20):
        batch = task.next()
        query, positive, negative = task.forward(batch)
        chosen = positive[retrieval.choose(query, positive, how, "cosine")]
        same = (negative == chosen).all(dim=1)
        assert torch.equal(same | batch.drawn, torch.ones_like(same))
        share.append(float(batch.drawn.float().mean()))
    assert 0.25 < float(np.mean(share)) < 0.55
    assert source is not None
