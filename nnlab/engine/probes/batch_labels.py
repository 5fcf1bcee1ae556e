"""How mixed the labels of a training batch are: what shuffling is for."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from nnlab.engine.batches import FixedBatches
from nnlab.engine.objectives.supervised import labels
from nnlab.engine.probes.layers import Measured
from nnlab.engine.tasks import Supervised

LEAST = 0.1
"""Nats: below this a shuffled batch holds hardly more than one class either, and nothing can be told."""


def measure_batch_labels(task: Supervised) -> Measured:
    """Entropy of the labels of the last batch over what batches of its size have on average when they are drawn at
    random from the training set: about 1 where rows are shuffled, 0 where a batch holds one class. Nothing without
    classes or without a fixed set.
    """
    batches, last = task.batches, task.last
    if not task.classes or last is None or not isinstance(batches, FixedBatches):
        return {}
    known = class_counts(batches.all_targets(), task.classes)
    seen = torch.bincount(labels(last.targets, task.classes), minlength=task.classes)
    expected = expected_entropy(known, len(last.targets))
    if expected < LEAST:
        return {}
    return {"batch/label_entropy": torch.special.entr(seen / len(last.targets)).sum() / expected}


@lru_cache(maxsize=2)
def class_counts(targets: Tensor, classes: int) -> tuple[int, ...]:
    """Rows of each class. Kept by the identity of the targets, which are replaced whole when they change."""
    counts: list[int] = torch.bincount(labels(targets, classes), minlength=classes).tolist()
    return tuple(counts)


@lru_cache(maxsize=64)
def expected_entropy(counts: tuple[int, ...], rows: int) -> float:
    """Mean entropy in nats of the labels of `rows` rows drawn independently from classes with these counts."""
    number = np.arange(1, rows + 1)
    logs = np.concatenate(([0.0], np.cumsum(np.log(number))))
    choose = logs[-1] - logs[1:] - logs[-2::-1]
    entropy = -number / rows * np.log(number / rows)
    total = sum(counts)
    shares = [count / total for count in counts if 0 < count < total]
    chances = (np.exp(choose + number * np.log(p) + (rows - number) * np.log1p(-p)) for p in shares)
    return float(sum((chance * entropy).sum() for chance in chances))
