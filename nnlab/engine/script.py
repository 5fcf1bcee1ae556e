"""The script of a run, read as a program: what stands after a rewind waits for it, and each entry is carried out once.

So a rewind takes nothing back from the script, and a session in which someone went back and tried something else can be
written down in the order in which it happened.
"""

from functools import partial
from typing import TYPE_CHECKING

from nnlab.scenario.steering import Intervention

if TYPE_CHECKING:
    from nnlab.engine.run import Run


class Script:
    """What is left to do, by step."""

    def __init__(self, script: tuple[Intervention, ...], steps_per_epoch: int) -> None:
        """Nothing done yet."""
        self._left = [(_step(entry, steps_per_epoch), entry) for entry in script]
        self._looked = -1
        """Last step at which it was looked at."""

    def follow(self, run: "Run") -> bool:
        """Carry out what it holds for the step of the run; whether training goes on from here."""
        if self._looked == run.step:
            return True
        self._looked = run.step
        while (entry := self._next(run.step)) is not None:
            if not _carry_out(entry, run):
                return False
        return run.state == "running"

    def look_again(self) -> None:
        """The run is elsewhere."""
        self._looked = -1

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


def _carry_out(entry: Intervention, run: "Run") -> bool:
    """Do what an entry says; False when the run is elsewhere afterwards."""
    for knob, value in entry.set.items():
        run.turn(knob, value, "script", 0)
    match entry.action:
        case "pause":
            run.pause(entry.text or "the script pauses here")
        case "snapshot":
            run.snapshot(entry.text)
        case "rewind":
            return not run.travel("rewind", partial(run.time.rewind, entry.step or 0))
        case _ if entry.text:
            run.mark("note", entry.text)
    return True


def _step(entry: Intervention, steps_per_epoch: int) -> int:
    return entry.at if entry.at is not None else (entry.at_epoch or 0) * steps_per_epoch
