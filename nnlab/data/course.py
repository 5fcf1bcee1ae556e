"""When a drift is on, and how much of it: a function of the step alone."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Course:
    """`none` never sets in; `sudden` at `start` for good; `gradual` grows linearly over `duration` steps from `start`;
    `recurring` is on and off for `duration` steps each, first on at `start`.
    """

    kind: Literal["none", "sudden", "gradual", "recurring"]
    start: int
    duration: int

    def active(self, steps: NDArray[np.int64]) -> NDArray[np.float64]:
        """The share of the drift's strength in force at each step, 0 to 1. A gradual drift reaches 1 after `duration`
        steps; its first step already has 1/duration of it.
        """
        since = steps - self.start
        if self.kind == "none":
            return np.zeros(steps.shape)
        if self.kind == "gradual":
            return np.clip((since + 1) / self.duration, 0.0, 1.0)
        on = since >= 0
        return (on & (since // self.duration % 2 == 0) if self.kind == "recurring" else on).astype(np.float64)

    def onsets(self, until: int) -> list[int]:
        """The steps before `until` at which the drift sets in (for recurring: each time anew)."""
        if self.kind == "none":
            return []
        if self.kind == "recurring":
            return list(range(self.start, until, 2 * self.duration))
        return [self.start] if self.start < until else []
