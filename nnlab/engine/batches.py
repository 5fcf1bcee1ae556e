"""Where the next batch comes from: on the device, seeded, and independent of probes, clients and the clock.

The order of a fixed set is a permutation per epoch from a generator of its own, so dropout and probes never move it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from nnlab.data.fixed import Floats, Labels
from nnlab.data.source import FixedSource
from nnlab.engine.objectives.supervised import prepare
from nnlab.scenario.training import ObjectiveKind


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs [batch, features] and targets in the objective's form."""

    inputs: Tensor
    targets: Tensor


class FixedBatches:
    """Batches of a fixed training set, a new random order each epoch (or file order)."""

    def __init__(
        self, source: FixedSource, kind: ObjectiveKind, *, seed: int, batch_size: int, shuffle: bool,
        input_scale: float, label_noise: float, device: torch.device,
    ) -> None:  # fmt: skip
        """Move the set to `device`."""
        self._x = self._y = self._epoch_x = self._epoch_y = torch.empty(0)
        self._order: Tensor | None = None
        self._probe: Batch | None = None
        self._validation: Batch | None = None
        self._rows = self._cursor = 0
        self.kind = kind
        self.device = device
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.input_scale = input_scale
        self.label_noise = label_noise
        self.misaligned = False
        self.leaked = False
        self._generator = torch.Generator().manual_seed(seed)
        self.use(source)

    def use(self, source: FixedSource) -> None:
        """Train on this set from the next batch on (a phase of the data); a new epoch begins."""
        self.source = source
        self._load()
        self._begin_epoch()

    def set(self, **changes: float | bool | int) -> None:
        """Change batch_size, shuffle, input_scale, label_noise, misaligned or leaked; the epoch's order goes on."""
        rows = self._rows
        for name, value in changes.items():
            setattr(self, name, value)
        self._probe = None
        if changes.keys() & {"input_scale", "label_noise", "leaked"}:
            self._load()
            if len(self._x) == rows:
                self._gather()
            else:
                self._begin_epoch()

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last one may be smaller."""
        return -(-self._rows // self.batch_size)

    def next(self) -> Batch:
        """The next batch."""
        if self._cursor >= self._rows:
            self._begin_epoch()
        start, self._cursor = self._cursor, self._cursor + self.batch_size
        return self._batch(self._epoch_x[start : self._cursor], self._epoch_y[start : self._cursor])

    def probe(self, rows: int) -> Batch:
        """A fixed sample of the training rows with their (noisy) labels, in no order: any part of it is a sample."""
        if self._probe is None:
            ordered = torch.from_numpy(self.source.probe_rows(rows))
            mixed = torch.randperm(len(ordered), generator=torch.Generator().manual_seed(0))
            index = ordered[mixed].to(self.device)
            self._probe = self._batch(self._x[index], self._y[index])
        return self._probe

    def validation(self, rows: int) -> Batch | None:
        """A fixed sample of the validation rows; None when there are none."""
        total = len(self.source.x_val)
        if self._validation is None and total > 0:
            index = spaced(total, rows)
            self._validation = Batch(self._inputs(self.source.x_val[index]), self._targets(self.source.y_val[index]))
        return self._validation

    def all_targets(self) -> Tensor:
        """The training targets in the objective's form."""
        return self._y

    def _batch(self, x: Tensor, y: Tensor) -> Batch:
        return Batch(x, y.roll(1, 0) if self.misaligned else y)

    def _inputs(self, x: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(x)).to(self.device) * self.input_scale

    def _targets(self, y: Labels) -> Tensor:
        return prepare(self.kind, y, self.source.classes).to(self.device)

    def _load(self) -> None:
        self._probe = self._validation = None
        x, y = self.source.x_train, self.source.noisy(self.label_noise)
        if self.leaked and len(self.source.x_val):
            x = np.concatenate([x, self.source.x_val])
            y = np.concatenate([y, self.source.y_val])
        self._x, self._y = self._inputs(x), self._targets(y)
        self._rows = len(self._x)

    def _begin_epoch(self) -> None:
        if self.shuffle:
            self._order = torch.randperm(self._rows, generator=self._generator).to(self.device)
        else:
            self._order = None
        self._cursor = 0
        self._gather()

    def _gather(self) -> None:
        self._epoch_x = self._x if self._order is None else self._x[self._order]
        self._epoch_y = self._y if self._order is None else self._y[self._order]


def spaced(total: int, wanted: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Up to `wanted` indices spread evenly over range(total)."""
    if total <= wanted:
        return np.arange(total, dtype=np.int64)
    return np.linspace(0, total - 1, wanted).astype(np.int64)
