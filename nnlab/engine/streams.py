"""Batches of a drifting stream, drawn in blocks and moved to the device a block at a time."""

import numpy as np
import torch
from torch import Tensor

from nnlab.data.fixed import Floats, Ints
from nnlab.data.source import StreamSource
from nnlab.engine.batches import Batch
from nnlab.engine.objectives.supervised import prepare
from nnlab.scenario.training import ObjectiveKind

BLOCK = 64
"""Steps drawn at once."""
WINDOW = 512
"""Rows of the recent window that drift statistics compare with the reference."""


class StreamBatches:
    """Batch of step s = what the source draws for s; `strength` and `replay` are live."""

    def __init__(
        self, source: StreamSource, kind: ObjectiveKind, *, batch_size: int, strength: float, replay: float,
        input_scale: float, label_noise: float, device: torch.device,
    ) -> None:  # fmt: skip
        """Nothing is drawn yet."""
        self.source = source
        self.kind = kind
        self.device = device
        self.batch_size = batch_size
        self.strength = strength
        self.replay = replay
        self.input_scale = input_scale
        self.label_noise = label_noise
        self.misaligned = False
        self.step = 0
        self._ready: list[Batch] = []
        self._reference: Batch | None = None

    def use(self, source: StreamSource) -> None:
        """Draw from this source from the next batch on (a phase of the data)."""
        self.source = source
        self._ready = []
        self._reference = None

    def set(self, **changes: float | bool | int) -> None:
        """Change batch_size, strength, replay, input_scale, label_noise or misaligned from the next batch on."""
        for name, value in changes.items():
            setattr(self, name, value)
        self._ready = []
        self._reference = None

    def next(self) -> Batch:
        """The batch of the next step."""
        if not self._ready:
            x, y = self._draw(self.step, BLOCK)
            inputs = self._inputs(x)
            targets = self._targets(y.reshape(-1)).view(BLOCK, self.batch_size, *self._target_shape)
            if self.misaligned:
                targets = targets.roll(1, 1)
            self._ready = [Batch(a, b) for a, b in zip(inputs.unbind(0), targets.unbind(0), strict=True)][::-1]
        self.step += 1
        return self._ready.pop()

    def probe(self, rows: int) -> Batch:
        """The most recent training rows (before step 0: those about to come)."""
        x, y = self.recent(rows)
        return Batch(self._inputs(x), self._targets(y))

    def validation(self, rows: int) -> Batch:
        """Fresh rows of the regime at the current step."""
        x, y = self.source.validation(self.step, self.strength, rows)
        return Batch(self._inputs(x), self._targets(y))

    def reference(self) -> Batch:
        """Rows from before the drift."""
        if self._reference is None:
            x, y = self.source.reference
            self._reference = Batch(self._inputs(x), self._targets(y))
        return self._reference

    def recent(self, rows: int) -> tuple[Floats, Ints]:
        """The last `rows` training rows as the source drew them, before input_scale."""
        steps = -(-rows // self.batch_size)
        first = max(0, self.step - steps)
        x, y = self._draw(first, steps)
        return x.reshape(-1, x.shape[-1])[-rows:], y.reshape(-1)[-rows:]

    def _draw(self, first: int, steps: int) -> tuple[Floats, Ints]:
        return self.source.block(
            first, steps, self.strength, self.replay, batch_size=self.batch_size, label_noise=self.label_noise
        )

    @property
    def _target_shape(self) -> tuple[int, ...]:
        return tuple(prepare(self.kind, np.zeros(1, dtype=np.int64), self.source.classes).shape[1:])

    def _inputs(self, x: Floats) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(x)).to(self.device) * self.input_scale

    def _targets(self, y: Ints) -> Tensor:
        return prepare(self.kind, y, self.source.classes).to(self.device)
