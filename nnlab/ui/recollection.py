"""What was concluded at each boundary of the line that a run is on, and the last word on each of its branches."""

from bisect import bisect_right
from operator import attrgetter

from nnlab.diagnosis.finding import Diagnosis

REMEMBERED = 4096
"""Diagnoses, the latest ones: about two hundred make up a run."""


class Recollection:
    """Grown as the boundaries of a line are told; after a rewind they are told again from the first."""

    def __init__(self) -> None:
        self._found: list[Diagnosis] = []
        self._last: dict[int, Diagnosis] = {}

    def keep(self, diagnosis: Diagnosis, branch: int) -> None:
        """Remember what was concluded on the line of a branch, at a later boundary than all before."""
        self._found.append(diagnosis)
        del self._found[:-REMEMBERED]
        last = self._last.get(branch)
        if last is None or last.step <= diagnosis.step:
            self._last[branch] = diagnosis

    def tell_again(self) -> None:
        """The boundaries of another line come, from the first; what was the last word on each branch still holds."""
        self._found.clear()

    def at(self, step: int) -> Diagnosis | None:
        """What was concluded last when `step` steps were done; None before the first boundary."""
        after = bisect_right(self._found, step, key=attrgetter("step"))
        return self._found[after - 1] if after else None

    def last(self, branch: int) -> Diagnosis | None:
        """The last word on the line of a branch; None if none was heard."""
        return self._last.get(branch)
