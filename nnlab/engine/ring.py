"""Per-step scalars on the device, fetched in one copy per frame: the step never waits for the device."""

from array import array

import torch
from torch import Tensor

CAPACITY = 1024
"""Steps held before the ring must be fetched."""


class Ring:
    """Loss and gradient norm of up to CAPACITY consecutive steps, float32 [CAPACITY, 2] on the device."""

    def __init__(self, device: torch.device) -> None:
        """An empty ring that begins at step 0."""
        self._table = torch.zeros(CAPACITY, 2, device=device)
        self._rows = list(self._table.unbind(0))
        self.first = 0
        self.count = 0
        self._last = self._rows[0]

    def write(self, loss: Tensor, norm: Tensor) -> None:
        """Append the scalars of the next step."""
        self._last = self._rows[self.count]
        torch.stack((loss, norm), out=self._last)
        self.count += 1

    def restart(self, step: int) -> None:
        """Forget what is held; the next step written is `step`."""
        self.first, self.count = step, 0

    def latest(self) -> tuple[float, float]:
        """Loss and norm of the last step written, fetched or not (waits for the device)."""
        loss, norm = self._last.tolist()
        return loss, norm

    @property
    def full(self) -> bool:
        """True when the next write needs a fetch first."""
        return self.count == CAPACITY

    def fetch(self) -> tuple["array[int]", "array[float]", "array[float]"]:
        """Steps, losses and norms since the last fetch; the ring is empty afterwards."""
        table = self._table[: self.count].cpu().double()
        steps = array("q", range(self.first, self.first + self.count))
        losses, norms = array("d"), array("d")
        losses.frombytes(table[:, 0].numpy().tobytes())
        norms.frombytes(table[:, 1].numpy().tobytes())
        self.first += self.count
        self.count = 0
        return steps, losses, norms
