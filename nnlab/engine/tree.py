"""The lines of a run: which branches there are, how far each was trained, and what was turned and marked on each.

The numbers of a line follow from scenario, seed and the line's entries alone, wherever training stood in between: that
is what lets a rewind, a replay and a proof come to the same bits.
"""

from bisect import insort
from dataclasses import dataclass, replace
from operator import attrgetter

from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.values import Branch

Entry = KnobTurned | Marked
"""What happened to a line between two steps: a knob turn, a phase, an evaluation, a note, …"""

PLANNED = ("phase", "drift", "generation")
"""Marks of what the data do by themselves at a step."""
ENDLESS = 2**62


@dataclass(slots=True)
class Tip:
    """The end of a line: `step` steps done, and whether what the data do at that step has been done too."""

    step: int = 0
    arrived: bool = False


class Tree:
    """All branches of one run; the first has id 0."""

    def __init__(self) -> None:
        """One branch, nothing done."""
        self.branches: dict[int, Branch] = {0: Branch(0)}
        self.tips: dict[int, Tip] = {0: Tip()}
        self._entries: dict[int, list[Entry]] = {0: []}

    def begin(self, branch: Branch, arrived: bool) -> None:
        """A new branch that ends where it begins."""
        self.branches[branch.id] = branch
        self.tips[branch.id] = Tip(branch.step, arrived)
        self._entries[branch.id] = []

    def end(self, branch: int, step: int) -> None:
        """A branch is known to have been trained up to `step`."""
        marks = (entry for entry in self.line(branch) if isinstance(entry, Marked) and entry.step == step)
        self.tips[branch] = Tip(step, any(mark.kind in PLANNED for mark in marks))

    def next_id(self) -> int:
        """The id of the next branch."""
        return max(self.branches) + 1

    def name(self, branch: int, name: str) -> Branch:
        """Give a branch another name. Raises KeyError."""
        self.branches[branch] = replace(self.branches[branch], name=name)
        return self.branches[branch]

    def add(self, branch: int, entry: Entry) -> None:
        """Something happened to a branch, after all that had happened at that step."""
        insort(self._entries[branch], entry, key=attrgetter("step"))

    def path(self, branch: int) -> list[tuple[int, int]]:
        """From the first branch down to this one: (branch, step at which the next one takes over)."""
        found, stop = [], ENDLESS
        while branch >= 0:
            found.append((branch, stop))
            branch, stop = self.branches[branch].parent, self.branches[branch].step
        return found[::-1]

    def line(self, branch: int) -> list[Entry]:
        """All entries of a branch's line, by step and, at one step, in order."""
        return [entry for source, stop in self.path(branch) for entry in self._entries[source] if entry.step < stop]

    def owner(self, branch: int, step: int) -> int:
        """Whose entries at this step are on the line of `branch`: its own or those of a branch that it comes from."""
        return next(source for source, stop in self.path(branch) if step < stop)

    def holder(self, branch: int, step: int) -> int:
        """On which branch the state before this step's entries lies: a branch takes over only after it."""
        return next(source for source, stop in self.path(branch) if step <= stop)
