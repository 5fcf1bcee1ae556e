"""The snapshots of a run, bounded in number and bytes.

When there are too many, steady ones go first, where the gap that they leave is smallest for their age: what is kept
gets sparser with age, by and large logarithmically. Those taken before a change and on request stay as long as there
are others, that of the start always.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["start", "steady", "before", "request"]

LIMIT = 128
"""Snapshots kept."""
BYTES = 64 * 1024 * 1024
"""All bodies together."""
STEADY_SHARE = 4
"""Steady ones are thinned down to this part of the limit before any others go."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The state after `step` steps of a branch, before anything that was turned at that step."""

    step: int
    branch: int
    body: bytes
    kind: Kind


class Shelf:
    """Snapshots by branch and step."""

    def __init__(self, limit: int = LIMIT, limit_bytes: int = BYTES) -> None:
        """Empty."""
        self._limit = limit
        self._limit_bytes = limit_bytes
        self._kept: dict[tuple[int, int], Kept] = {}
        self._bytes = 0

    def has(self, branch: int, step: int) -> bool:
        """Whether there is one."""
        return (branch, step) in self._kept

    def put(self, kept: Kept) -> list[Kept]:
        """Keep it; what had to go for it comes back."""
        self.drop(kept)
        self._kept[kept.branch, kept.step] = kept
        self._bytes += len(kept.body)
        gone = []
        while (len(self._kept) > self._limit or self._bytes > self._limit_bytes) and (worst := self._least(kept)):
            self.drop(worst)
            gone.append(worst)
        return gone

    def drop(self, kept: Kept) -> None:
        """Forget the one of this branch and step, if there is one."""
        old = self._kept.pop((kept.branch, kept.step), None)
        self._bytes -= len(old.body) if old is not None else 0

    def before(self, path: Sequence[tuple[int, int]], step: int) -> Iterator[Kept]:
        """Those on a line (see `Tree.path`) up to `step`, the nearest first."""
        for source, stop in reversed(path):
            own = (kept for kept in self._kept.values() if kept.branch == source and kept.step <= min(step, stop))
            yield from sorted(own, key=lambda kept: -kept.step)

    def _least(self, newest: Kept) -> Kept | None:
        """The one that will be missed least; never the first of all, nor the newest."""
        loose = [kept for kept in self._kept.values() if kept is not newest and kept.kind != "start"]
        steady = [kept for kept in loose if kept.kind == "steady"]
        pool = steady if len(steady) > self._limit // STEADY_SHARE else loose
        return min(pool, key=self._worth, default=None)

    def _worth(self, kept: Kept) -> tuple[float, int]:
        """The gap that it would leave in its branch, over its age."""
        steps = sorted(other.step for other in self._kept.values() if other.branch == kept.branch)
        place = steps.index(kept.step)
        begin = steps[place - 1] if place else kept.step
        end = steps[place + 1] if place + 1 < len(steps) else kept.step
        return (end - begin) / (steps[-1] - kept.step + 1), kept.step
