"""Batches of a drifting stream, drawn in blocks and moved to the device a block at a time."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from nnlab.data.fixed import Floats, Ints
from nnlab.data.source import StreamSource
from nnlab.data.stream import chunk_steps
from nnlab.engine.batches import Batch
from nnlab.engine.objectives.supervised import prepare
from nnlab.engine.state import State
from nnlab.scenario.training import ObjectiveKind

WINDOW = 512
"""Rows of the recent window that drift statistics compare with the reference."""
LIVE = ("batch_size", "strength", "replay", "input_scale", "label_noise", "misaligned")
"""What `StreamBatches.set` may change."""
HORIZON = 4096
"""Steps for which the onsets of the drift are looked up at once."""


class StreamBatches:
    """Batch of step s = what the source draws for s; `strength`, `replay` and the other options are live."""

    def __init__(
        self, source: StreamSource, kind: ObjectiveKind, *, batch_size: int, strength: float, replay: float,
        input_scale: float, label_noise: float, device: torch.device,
    ) -> None:  # fmt: skip
        """Nothing is drawn yet."""
        self.source = source
        self._drawn = source
        """What batches are drawn from: the source, or the like of it with another seed."""
        self.kind = kind
        self.device = device
        self.batch_size = batch_size
        self.strength = strength
        self.replay = replay
        self.input_scale = input_scale
        self.label_noise = label_noise
        self.misaligned = False
        self.step = 0
        self.fed = 0
        """Rows trained on so far."""
        self._ready: list[Batch] = []
        self._block = np.empty((0, 0, 0), dtype=np.float32), np.empty((0, 0), dtype=np.int64)
        self._block_from = 0
        """First step of the drawn block."""
        self._past = np.empty((0, source.features), dtype=np.float32), np.empty(0, dtype=np.int64)
        self._reference: Batch | None = None
        self._validation: Batch | None = None
        self._regime = 0.0
        """Strength of the drift in force in `_validation`."""
        self._onsets: frozenset[int] = frozenset()
        self._known_until = 0

    def use(self, source: StreamSource) -> None:
        """Draw from this source from the next batch on (a phase of the data)."""
        self._ready = []
        self.source = self._drawn = source
        self._reference = self._validation = None
        self._known_until = 0

    def set(self, **changes: float | bool | int) -> None:
        """Change batch_size, strength, replay, input_scale, label_noise or misaligned from the next batch on."""
        self._ready = []
        for name, value in changes.items():
            setattr(self, name, value)
        self._reference = self._validation = None

    def next(self) -> Batch:
        """The batch of the next step."""
        if not self._ready:
            self._put_by()
            self._fill()
        self.step += 1
        self.fed += self.batch_size
        return self._ready.pop()

    def drawn(self) -> Ints:
        """The rows of the batch handed out last, int64: how many rows of the stream had come before each."""
        return np.arange(self.fed - self.batch_size, self.fed)

    def state(self) -> State:
        """Live settings, the place in the stream and the rows that the drift statistics look back on."""
        found: State = {name: getattr(self, name) for name in LIVE} | {"step": self.step, "fed": self.fed}
        x, y = self._past if self._ready else self._trained()
        begun = self._block_from if self._ready else self.step
        return found | {"past_x": x[-WINDOW:], "past_y": y[-WINDOW:], "block_from": begun, "ready": len(self._ready)}

    def restore(self, state: State, source: StreamSource) -> None:
        """Take a state back, in the phase of the data that has this source. A block under way is drawn again as it was:
        the same rows at another place in memory may give other roundings.
        """
        self.use(source)
        self.set(**{name: state[name] for name in LIVE})
        self.fed = state["fed"]
        self._past = state["past_x"].numpy(), state["past_y"].numpy()
        self._block = self._block[0][:0], self._block[1][:0]
        self.step = self._block_from = state["block_from"]
        if state["ready"]:
            self._fill()
            del self._ready[state["ready"] :]
        self.step = state["step"]

    def reorder(self, seed: int) -> None:
        """Draw other rows of the same clouds from the next batch on."""
        self._ready = []
        self._drawn = replace(self.source, seed=seed)

    def sets_in(self, step: int) -> bool:
        """Whether the drift begins (again) at this step."""
        if step >= self._known_until:
            self._known_until = step + HORIZON
            self._onsets = frozenset(self.source.onsets(self._known_until))
        return step in self._onsets and self.strength > 0.0

    def probe(self, rows: int) -> Batch:
        """The most recent training rows."""
        x, y = self.recent(rows)
        return Batch(self._inputs(x), self._targets(y))

    def sample(self, rows: int) -> tuple[Ints, Batch]:
        """The most recent training rows: how many rows back each is from the newest, and they."""
        batch = self.probe(min(rows, WINDOW))
        return np.arange(len(batch.inputs))[::-1], batch

    def validation(self, rows: int) -> Batch:
        """Fresh rows of the regime at the current step; drawn anew only where the regime has changed."""
        regime = self.strength * self.source.active(self.step)
        if self._validation is None or self._regime != regime:
            x, y = self.source.validation(self.step, self.strength, rows)
            self._validation, self._regime = Batch(self._inputs(x), self._targets(y)), regime
        return self._validation

    def reference(self) -> Batch:
        """Rows from before the drift."""
        if self._reference is None:
            x, y = self.source.reference
            self._reference = Batch(self._inputs(x), self._targets(y))
        return self._reference

    def recent(self, rows: int) -> tuple[Floats, Ints]:
        """The last `rows` (at most 512) training rows as they were drawn, before input_scale: x [rows, features], y
        [rows]. While there are fewer, those about to come make up the number.
        """
        x, y = self._trained()
        if len(x) < rows:
            more_x, more_y = self._draw(self.step, -(-(rows - len(x)) // self.batch_size))
            x, y = np.concatenate((x, *more_x))[:rows], np.concatenate((y, *more_y))[:rows]
        return x[-rows:], y[-rows:]

    def _draw(self, first: int, steps: int) -> tuple[Floats, Ints]:
        """Rows of these steps: x [steps, batch, features], y [steps, batch]."""
        x, y = self._drawn.block(
            first, steps, self.strength, self.replay, batch_size=self.batch_size, label_noise=self.label_noise
        )
        return x, np.roll(y, 1, axis=1) if self.misaligned else y

    def _trained(self) -> tuple[Floats, Ints]:
        """The rows of the last steps, oldest first."""
        used = self.step - self._block_from
        (old_x, old_y), (x, y) = self._past, self._block
        return np.concatenate((old_x, *x[:used])), np.concatenate((old_y, *y[:used]))

    def _fill(self) -> None:
        """Draw the block that begins at this step."""
        x, y = self._block = self._draw(self.step, chunk_steps(self.batch_size, self.source.features))
        targets = self._targets(y.reshape(-1))
        rows = zip(self._inputs(x).unbind(0), torch.split(targets, self.batch_size), strict=True)
        self._ready = [Batch(inputs, labels) for inputs, labels in rows][::-1]

    def _put_by(self) -> None:
        """Keep what was trained on of the drawn block and forget the rest of it."""
        x, y = self._trained()
        self._past = x[-WINDOW:], y[-WINDOW:]
        self._block = self._block[0][:0], self._block[1][:0]
        self._block_from = self.step

    def _inputs(self, x: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(x)).to(self.device) * self.input_scale

    def _targets(self, y: Ints) -> Tensor:
        return prepare(self.kind, y, self.source.classes).to(self.device)
