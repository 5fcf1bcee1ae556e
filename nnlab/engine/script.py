"""The script of a run, read as a program: what stands after a rewind waits for it, and each entry is carried out once.

So a rewind takes nothing back from the script, and a session in which someone went back and tried something else can be
written down in the order in which it happened.
"""

from collections.abc import Iterator

from nnlab.scenario.steering import Intervention


class Script:
    """What is left to do, by step."""

    def __init__(self, script: tuple[Intervention, ...], steps_per_epoch: int) -> None:
        """Nothing done yet."""
        self._left = [(_step(entry, steps_per_epoch), entry) for entry in script]

    def due(self, step: int) -> Iterator[Intervention]:
        """Take out, one by one, the entries for this step; a rewind that is due comes last."""
        while (entry := self._next(step)) is not None:
            yield entry

    def skip(self, step: int) -> None:
        """Leave out what has been done when a run goes on that has got this far."""
        self._left = [(at, entry) for at, entry in self._left if at > step]

    def skip_all(self) -> None:
        """Leave out everything."""
        self._left = []

    def _next(self, step: int) -> Intervention | None:
        for index, (at, entry) in enumerate(self._left):
            if at == step:
                del self._left[index]
                return entry
            if entry.action == "rewind":
                return None
        return None


def _step(entry: Intervention, steps_per_epoch: int) -> int:
    return entry.at if entry.at is not None else (entry.at_epoch or 0) * steps_per_epoch
