"""A point of a run with the steps before it, its batch, and what is usual there."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnlab.engine.point.looked import Looked
from nnlab.engine.point.usual import Usual, share
from nnlab.engine.point.walk import Stepped, Walk
from nnlab.wire.point import PointKind, WhatIf

HALF = 0.5
"""Share of the way from the usual loss that a reason must account for."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A point: the steps `before` it that say what is usual, those `near` it (the last is the point), and its batch."""

    walk: Walk
    before: Sequence[Stepped]
    near: Sequence[Stepped]
    looked: Looked

    @property
    def here(self) -> Stepped:
        """The step in question."""
        return self.near[-1]

    @property
    def loss(self) -> Usual:
        """The usual loss."""
        return Usual.of([step.loss for step in self.before])

    @property
    def norm(self) -> Usual:
        """The usual gradient norm."""
        return Usual.of([step.norm for step in self.before])

    @property
    def sample(self) -> Usual:
        """The usual loss of the fixed rows."""
        return Usual.of([step.sample for step in self.before])

    @property
    def first(self) -> int:
        """The first step of those done again."""
        return (*self.before, *self.near)[0].step

    @property
    def sample_before(self) -> float:
        """What the fixed rows cost before: their usual loss, or at the start of a run that has no course yet."""
        return self.sample.median if self.sample.known else (*self.before, *self.near)[0].sample

    def gone(self, again: Stepped, kind: PointKind) -> bool:
        """Whether the point is more than half gone where it is done again: by known rows, which are less noisy than a
        batch, where parameters were thrown off."""
        if kind == "parameters":
            return share(again.sample, self.sample_before, self.here.sample) < HALF
        return share(again.loss, self.loss.median, self.here.loss) < HALF


@dataclass(frozen=True, slots=True)
class Cause:
    """Fields as those of `PointAgain`."""

    kind: PointKind
    culprit: int
    tried: tuple[WhatIf, ...]
    sentence: str


def num(value: float) -> str:
    """A measured value in a few digits."""
    return f"{value:.3g}"
