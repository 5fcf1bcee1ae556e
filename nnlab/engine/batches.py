"""Where the next batch comes from: on the device, seeded, and independent of probes, clients and the clock.

The order of a fixed set is a permutation per epoch from a generator of its own, so dropout and probes never move it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from nnlab.data.fixed import Floats, Ints, Labels
from nnlab.data.source import FixedSource
from nnlab.engine.objectives.supervised import prepare
from nnlab.engine.state import State
from nnlab.scenario.training import ObjectiveKind

LIVE = ("batch_size", "shuffle", "input_scale", "label_noise", "augment", "replay", "misaligned", "leaked")
"""What `FixedBatches.set` may change."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs [batch, features] and targets in the objective's form."""

    inputs: Tensor
    targets: Tensor

    def state(self) -> State:
        """Both tensors."""
        return {"inputs": self.inputs, "targets": self.targets}

    @classmethod
    def of_state(cls, state: State, device: torch.device) -> "Batch":
        """The batch again, in memory of its own."""
        return cls(state["inputs"].clone().to(device), state["targets"].clone().to(device))


class FixedBatches:
    """Batches of a fixed training set, a new random order each epoch (or file order)."""

    def __init__(
        self, source: FixedSource, kind: ObjectiveKind, *, seed: int, batch_size: int, shuffle: bool,
        input_scale: float, label_noise: float, augment: float, replay: float, device: torch.device,
    ) -> None:  # fmt: skip
        """Move the set to `device`."""
        self._x = self._y = self._epoch_x = self._epoch_y = self._spread = torch.empty(0)
        self._memory: tuple[Tensor, Tensor] | None = None
        self._order: Tensor | None = None
        self._probe: Batch | None = None
        self._validation: Batch | None = None
        self._examined: tuple[Batch, ...] = ()
        self._rows = self._cursor = 0
        self.kind = kind
        self.device = device
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.input_scale = input_scale
        self.label_noise = label_noise
        self.augment = augment
        self.replay = replay
        """Share of each batch drawn from the sets trained on before this one."""
        self.misaligned = False
        self.leaked = False
        self._generator = torch.Generator().manual_seed(seed)
        self._drawn_from = self._generator.get_state()
        """Of the generator when the epoch began: the order can be drawn again from it."""
        self._jitter = torch.Generator(device).manual_seed(seed)
        self._replayer = torch.Generator().manual_seed(seed)
        self._replayed = torch.empty(0, dtype=torch.int64)
        """Draws the rows to replay, so that replay leaves the order of the others alone."""
        self.past: tuple[FixedSource, ...] = ()
        """Sets trained on before `source`, the present one, in order."""
        self.use(source)

    def move_on(self, source: FixedSource) -> None:
        """Train on this set from the next batch on (a phase of the data, a task), and remember the one before."""
        self.past = (*self.past, self.source)
        self.use(source)

    def use(self, source: FixedSource) -> None:
        """Train on this set from the next batch on; a new epoch begins."""
        self.source = source
        self._load()
        self._begin_epoch()

    def set(self, **changes: float | bool | int) -> None:
        """Change any of the options that are live, by their attributes' names; the epoch's order goes on."""
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

    def reorder(self, seed: int) -> None:
        """Begin a new epoch now, in an order drawn from this seed, as all later ones."""
        for generator in (self._generator, self._jitter, self._replayer):
            generator.manual_seed(seed)
        self._begin_epoch()

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch; the last one may be smaller."""
        return -(-self._rows // self.batch_size)

    def next(self) -> Batch:
        """The next batch."""
        if self._cursor >= self._rows:
            self._begin_epoch()
        old = self._old_rows()
        start, self._cursor = self._cursor, self._cursor + self.batch_size - old
        x, y = self._epoch_x[start : self._cursor], self._epoch_y[start : self._cursor]
        if old:
            past_x, past_y = self._past()
            self._replayed = torch.randint(len(past_x), (old,), generator=self._replayer)
            index = self._replayed.to(self.device)
            x, y = torch.cat((x, past_x[index])), torch.cat((y, past_y[index]))
        if self.augment > 0.0:
            x = x + self.augment * self._spread * torch.randn(x.shape, generator=self._jitter, device=self.device)
        return self._batch(x, y)

    def drawn(self) -> Ints:
        """The rows of the batch handed out last, int64: places in the training set, where validation rows leak in these
        after it, and then those replayed: -1 - place in all sets before, one after the other.
        """
        old = self._old_rows()
        stop = min(self._cursor, self._rows)
        first = self._cursor - self.batch_size + old
        own = torch.arange(first, stop) if self._order is None else self._order[first:stop].cpu()
        rows: Ints = torch.cat((own, -1 - self._replayed[:old])).numpy()
        return rows

    def probe(self, rows: int) -> Batch:
        """A fixed sample of the training rows with their (noisy) labels, in no order: any part of it is a sample."""
        if self._probe is None:
            ordered = torch.from_numpy(self.source.probe_rows(rows))
            mixed = torch.randperm(len(ordered), generator=torch.Generator().manual_seed(0))
            index = ordered[mixed].to(self.device)
            self._probe = self._batch(self._x[index], self._y[index])
        return self._probe

    def sample(self, rows: int) -> tuple[Ints, Batch]:
        """At most `rows` training rows, evenly spaced, as they are trained on: their places in the set, and they."""
        places = spaced(self._rows, rows)
        index = torch.from_numpy(places).to(self.device)
        return places, self._batch(self._x[index], self._y[index])

    def validation(self, rows: int) -> Batch | None:
        """A fixed sample of the validation rows; None when there are none."""
        total = len(self.source.x_val)
        if self._validation is None and total > 0:
            index = spaced(total, rows)
            self._validation = Batch(self._inputs(self.source.x_val[index]), self._targets(self.source.y_val[index]))
        return self._validation

    def examined(self, rows: int) -> tuple[Batch, ...]:
        """Of each set so far, validation rows (at most `rows`) of the classes that it was trained on."""
        if not self._examined:
            self._examined = tuple(self._known(source, rows) for source in (*self.past, self.source))
        return self._examined

    def all_targets(self) -> Tensor:
        """The training targets in the objective's form."""
        return self._y

    def state(self) -> State:
        """Live settings, and where in which epoch the next batch comes from; not the source, nor those before it."""
        found: State = {name: getattr(self, name) for name in LIVE}
        found |= {"jitter": self._jitter.get_state(), "replayer": self._replayer.get_state()}
        return found | {"generator": self._drawn_from, "ordered": self._order is not None, "cursor": self._cursor}

    def restore(self, state: State, source: FixedSource) -> None:
        """Take a state back, in the phase of the data that has this source and when `past` has those before it."""
        for name in LIVE:
            setattr(self, name, state[name])
        self.source = source
        self._load()
        self._jitter.set_state(state["jitter"])
        self._replayer.set_state(state["replayer"])
        self._generator.set_state(state["generator"])
        shuffle, self.shuffle = self.shuffle, state["ordered"]
        self._begin_epoch()
        self.shuffle, self._cursor = shuffle, state["cursor"]

    def _batch(self, x: Tensor, y: Tensor) -> Batch:
        return Batch(x, y.roll(1, 0) if self.misaligned else y)

    def _inputs(self, x: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(x)).to(self.device) * self.input_scale

    def _targets(self, y: Labels) -> Tensor:
        return prepare(self.kind, y, self.source.classes).to(self.device)

    def _known(self, source: FixedSource, rows: int) -> Batch:
        known = np.flatnonzero(np.isin(source.y_val, np.unique(source.clean_labels)))
        index = known[spaced(len(known), rows)]
        return Batch(self._inputs(source.x_val[index]), self._targets(source.y_val[index]))

    def _old_rows(self) -> int:
        """Rows of a batch that are replayed."""
        return round(self.replay * self.batch_size) if self.past else 0

    def _past(self) -> tuple[Tensor, Tensor]:
        """All rows of the sets before this one."""
        if self._memory is None:
            x = np.concatenate([source.x_train for source in self.past])
            y = np.concatenate([source.noisy(self.label_noise) for source in self.past])
            self._memory = self._inputs(x), self._targets(y)
        return self._memory

    def _load(self) -> None:
        self._probe = self._validation = self._memory = None
        self._examined = ()
        x, y = self.source.x_train, self.source.noisy(self.label_noise)
        if self.leaked and len(self.source.x_val):
            x = np.concatenate([x, self.source.x_val])
            y = np.concatenate([y, self.source.y_val])
        self._x, self._y = self._inputs(x), self._targets(y)
        self._spread = self._x.std(dim=0, correction=0)
        self._rows = len(self._x)

    def _begin_epoch(self) -> None:
        self._drawn_from = self._generator.get_state()
        if self.shuffle:
            self._order = torch.randperm(self._rows, generator=self._generator).to(self.device)
        else:
            self._order = None
        self._cursor = 0
        self._gather()

    def _gather(self) -> None:
        self._epoch_x = self._x if self._order is None else self._x[self._order]
        self._epoch_y = self._y if self._order is None else self._y[self._order]


def spaced(total: int, wanted: int) -> Ints:
    """Up to `wanted` indices spread evenly over range(total)."""
    if total <= wanted:
        return np.arange(total, dtype=np.int64)
    return np.linspace(0, total - 1, wanted).astype(np.int64)
