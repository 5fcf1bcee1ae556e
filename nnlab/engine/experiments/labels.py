"""The label-shuffle check: labels that go with the inputs lose that when they are shuffled.

No training: how well a row's nearest neighbours agree with its label, and how much of the labels a linear map of the
inputs explains, against the same with shuffled labels (a permutation test; Ojala & Garriga 2010). Two statistics
because neighbours see curved boundaries in few dimensions and the linear map sees straight ones in many.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from nnlab.engine.batches import Batch, FixedBatches
from nnlab.engine.tasks import Retrieval, Supervised, Task
from nnlab.engine.triplets import TripletBatch
from nnlab.wire.experiments import Check

ROWS = 512
SHUFFLES = 199
LIMIT = 0.02
"""Corrected p of the better statistic; the smallest that can come out is 2 / 200."""
NEIGHBOURS = 5
FEWEST = 30
"""Rows below which the test sees too little to say so."""
NEARER = 0.85
"""Share of triplets whose positive must have more words in common with the query than the negative: 0.98 with random
negatives, 0.7 where 60 % of them are relevant, half where they answer the same query (measured on the corpus here)."""

MISALIGNED = "misaligned_labels"

Matrix = NDArray[np.float64]


def labels_match(task: Task) -> Check:
    """Whether the labels of the batches that training would see next go with their inputs."""
    if isinstance(task, Retrieval):
        return _triplets(task)
    assert isinstance(task, Supervised)
    x, y = _rows(task)
    if len(x) < FEWEST or not (np.isfinite(x).all() and np.isfinite(y).all()) or not y.std(axis=0).any():
        return Check("labels-match-inputs", "skipped", "too few rows, or nothing to tell apart")
    result = shuffle_test(x, y)
    name = "labels-match-inputs"
    if result.p <= LIMIT:
        text = f"labels go with the inputs: shuffling them destroys it (p = {result.p:.3g}, {len(x)} rows)"
        return Check(name, "ok", text, result.p, LIMIT)
    text, mode = (
        f"labels go no better with their inputs than shuffled ones (p = {result.p:.2g}, {len(x)} rows)",
        MISALIGNED,
    )
    held = task.batches.validation(ROWS)
    if held is not None:
        clean = shuffle_test(_matrix(held.inputs), _targets(task, held))
        if clean.p <= LIMIT:
            text += "; those of the validation set do: the training labels are misaligned"
        else:
            text, mode = f"{text}; those of the validation set neither: they look random", "label-noise"
    return Check(name, "wrong", text, result.p, LIMIT, mode=mode)


@dataclass(frozen=True, slots=True)
class ShuffleTest:
    """Share of the spread of the labels explained by neighbours and by a linear map, and the corrected p."""

    neighbours: float
    linear: float
    p: float


def shuffle_test(x: Matrix, y: Matrix) -> ShuffleTest:
    """The permutation test of inputs [n, features] and targets [n, columns]."""
    x, y = _standard(x), _standard(y)
    adjacency = _adjacency(x)
    basis = np.linalg.qr(x)[0] if x.shape[1] <= len(x) // 4 else np.zeros((len(x), 0))
    draw = np.random.default_rng(0)

    def explained(labels: Matrix) -> tuple[float, float]:
        near = float((labels * (adjacency @ labels)).sum())
        return near / labels.size, float(np.square(basis.T @ labels).sum()) / labels.size

    own = explained(y)
    shuffled = [explained(y[draw.permutation(len(y))]) for _ in range(SHUFFLES)]
    better = [1 + sum(other[i] >= own[i] for other in shuffled) for i in (0, 1)]
    return ShuffleTest(*own, min(1.0, 2.0 * min(better) / (SHUFFLES + 1)))


def _adjacency(x: Matrix) -> Matrix:
    """1 / NEIGHBOURS at each row's nearest other rows."""
    squares = np.square(x).sum(axis=1)
    distance = squares[:, None] + squares[None, :] - 2.0 * x @ x.T
    np.fill_diagonal(distance, np.inf)
    nearest = np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    adjacency: Matrix = np.zeros(distance.shape)
    np.put_along_axis(adjacency, nearest, 1.0 / NEIGHBOURS, axis=1)
    return adjacency


def _standard(values: Matrix) -> Matrix:
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    scaled: Matrix = centred / np.where(spread > 0, spread, 1.0)
    return scaled


def _rows(task: Supervised) -> tuple[Matrix, Matrix]:
    """Rows of the next batches, of one epoch at most."""
    batches = task.batches
    steps = -(-ROWS // batches.batch_size)
    if isinstance(batches, FixedBatches):
        steps = min(steps, batches.steps_per_epoch)
    drawn = [batches.next() for _ in range(steps)]
    inputs, targets = (
        np.concatenate(parts)[:ROWS]
        for parts in ([_matrix(batch.inputs) for batch in drawn], [_targets(task, batch) for batch in drawn])
    )
    return inputs, targets


def _targets(task: Supervised, batch: Batch) -> Matrix:
    targets = batch.targets
    if targets.is_floating_point():
        return _matrix(targets)
    return _matrix(torch.nn.functional.one_hot(targets, task.classes))


def _matrix(values: torch.Tensor) -> Matrix:
    array: Matrix = values.cpu().double().numpy()
    return array


def _triplets(task: Retrieval) -> Check:
    """Positives share more of the query's rarer words than the negatives do (vectors of idf-weighted word counts)."""
    near, far, strange = [], [], []
    words = task.network.embedding.num_embeddings
    seen = torch.bincount(task.batches.passages.flatten(), minlength=words).float()
    weight = torch.log(seen.sum() / seen.clamp_min(1.0))
    if task.network.padded:
        weight[0] = 0.0
    for _ in range(max(1, ROWS // task.batches.batch_size)):
        batch: TripletBatch = task.batches.next()
        negatives = batch.positives.roll(1, 0) if batch.negatives is None else batch.negatives
        query, positive, negative = (_bag(tokens, weight) for tokens in (batch.queries, batch.positives, negatives))
        near.append((query * positive).sum(dim=1))
        far.append((query * negative).sum(dim=1))
        strange.append((query * positive.roll(1, 0)).sum(dim=1))
    own, share = torch.cat(near), _share_nearer(torch.cat(near), torch.cat(far))
    if share >= NEARER:
        text = f"positives are nearer to their queries than negatives in {share:.0%} of the triplets"
        return Check("labels-match-inputs", "ok", text, share, NEARER)
    related = _share_nearer(own, torch.cat(strange)) >= NEARER
    mode = "false-negatives" if related else MISALIGNED
    why = "many negatives are as relevant" if related else "positives do not go with their queries"
    text = f"positives are nearer to their queries than negatives in only {share:.0%} of the triplets: {why}"
    return Check("labels-match-inputs", "wrong", text, share, NEARER, mode=mode)


def _share_nearer(near: torch.Tensor, far: torch.Tensor) -> float:
    """Share of rows in which `near` is larger; half of the ties."""
    return float((near > far).float().mean() + 0.5 * (near == far).float().mean())


def _bag(tokens: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Unit vectors of weighted word counts [rows, words]."""
    counts = torch.zeros(len(tokens), len(weight), device=tokens.device)
    counts.scatter_add_(1, tokens, torch.ones_like(tokens, dtype=torch.float32))
    return torch.nn.functional.normalize(counts * weight, dim=1)
