"""A finite data set, ready to train on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab.data.seeded import generator
from nnlab.scenario.data import Task

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Labels = NDArray[Any]
"""int64 [n] for classification; float32 [n, targets] for regression and multilabel."""


@dataclass(frozen=True, eq=False)
class FixedSource:
    """Training and validation examples, standardised if asked for, before `input_scale` (a live knob of the engine).

    `x_*` are float32 [n, features]; `y_*` are `Labels`. Without validation data `x_val` and `y_val` have no rows.
    Generated sets are kept sorted by class (regression: by target) and tables in file order, so that training without
    shuffling means something whenever the knob is turned: take samples of the rows with `probe_rows`.
    `classes` is 0 unless the task is classification; `targets` is 0 if it is. `clean_labels` are the training labels
    before label noise. `noise_order` (float64 [n], in (0, 1)) and `wrong_labels` fix which labels go wrong at which
    rate, and what they become. `rows` numbers the training rows as they came, before the split: those of a table as in
    its file, from 0.
    """

    x_train: Floats
    y_train: Labels
    x_val: Floats
    y_val: Labels
    task: Task
    classes: int
    targets: int
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...]
    clean_labels: Labels
    noise_order: NDArray[np.float64]
    wrong_labels: Labels
    rows: Ints

    def noisy(self, rate: float) -> Labels:
        """The training labels with a share `rate` of them wrong; a higher rate adds to the wrong ones of a lower."""
        wrong = self.noise_order < rate
        return np.where(wrong if self.clean_labels.ndim == 1 else wrong[:, None], self.wrong_labels, self.clean_labels)

    def probe_rows(self, limit: int) -> Ints:
        """At most `limit` training rows, drawn evenly from the whole set and always the same; ascending."""
        rows = len(self.x_train)
        drawn = generator(0, "probe rows").permutation(rows)[:limit]
        return np.sort(drawn).astype(np.int64)
