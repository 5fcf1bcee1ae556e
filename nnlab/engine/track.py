"""Following a line of a run: what it holds is carried out again, and a change before its end begins a branch.

What is measured on a line that has been trained before is `known` and is not recorded twice. On known steps nothing
reacts by itself: guards, early stopping and script have had their say, and what came of it stands among the line's
entries.
"""

import contextlib
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nnlab.engine.past import Standing
from nnlab.engine.shelf import Kept, Kind, Shelf
from nnlab.engine.state import to_body
from nnlab.engine.tree import PLANNED, Entry, Tree
from nnlab.wire.events import Marked
from nnlab.wire.values import Branch

if TYPE_CHECKING:
    from nnlab.engine.run import Run

STEADY_PER_RUN = 32
"""Steady snapshots in the planned steps: of 10,000 steps no more than 312 are re-executed to reach any other."""
DERIVED = ("finding", "verdict")
"""Marks that clients make; they make them again."""


class Track:
    """Where a run stands in its tree, and what its line holds there."""

    def __init__(self, run: "Run", tree: Tree, shelf: Shelf) -> None:
        """At the start of the first line."""
        self._run = run
        self.tree = tree
        self.shelf = shelf
        self.branch = 0
        """Whose line the run is on."""
        self.every = max(1, run.info.planned_steps // STEADY_PER_RUN)
        """Steps between two steady snapshots."""
        self._ahead: deque[Entry] = deque()
        """Entries of the line that are still to be carried out."""
        self._here: list[Entry] = []
        """Entries at this step that have been."""
        self._leaving: str | None = None
        """Name of the branch with which the line is left before the next step; None to stay on it."""
        self._travelling = False

    @property
    def behind(self) -> bool:
        """Whether the line goes on from here: then a change begins a branch."""
        return self._run.step < self.tree.tips[self.branch].step or bool(self._ahead)

    @property
    def standing(self) -> Standing | None:
        """Where the run stands, if that is not the end of its line."""
        return Standing(self._run.step, tuple(self._here)) if self.behind else None

    def arrive(self) -> None:
        """Carry out what the line holds for this step; beyond its end, what the data do at this step."""
        self.retell()
        if self._leaving is not None:
            self._fork(self._leaving)
        tip = self.tree.tips[self.branch]
        if self._run.step == tip.step:
            self._know(False)
            if not tip.arrived:
                tip.arrived = True
                self._run.course.meet(self._run)

    def retell(self) -> None:
        """Carry out the line's entries at this step again."""
        while self._ahead and self._ahead[0].step <= self._run.step:
            entry = self._ahead.popleft()
            self._run.frame()
            self._run.repeat(entry)
            self._run.logbook.tell(entry)
            self._here.append(entry)

    def stepping(self) -> None:
        """A step is about to be trained."""
        self._know(self._run.step < self.tree.tips[self.branch].step)

    def stepped(self) -> None:
        """A step has been trained and measured."""
        self._here.clear()
        step, tip = self._run.step, self.tree.tips[self.branch]
        if step > tip.step:
            tip.step, tip.arrived = step, False
        if step % self.every == 0 and not self._travelling:
            self.keep("steady")

    def change(self, name: str) -> None:
        """Something is about to be changed: keep the state before it.

        If the line goes on from here, a branch called `name` begins.
        """
        self.keep("before")
        if self._leaving is not None:
            self.retell()
        if self._leaving is not None or self.behind:
            self._fork(name)
        self._know(False)

    def tell(self, entry: Entry) -> None:
        """Send and record something that happened to the line just now, or that is said about an earlier step of it."""
        self._run.frame()
        logbook = self._run.logbook
        known, logbook.known = logbook.known, False
        logbook.branch = self.tree.owner(self.branch, entry.step)
        logbook.tell(entry)
        if not isinstance(entry, Marked) or entry.kind not in DERIVED:
            self.tree.add(logbook.branch, entry)
            if entry.step == self._run.step:
                self._here.append(entry)
        logbook.known, logbook.branch = known, self.branch

    @contextlib.contextmanager
    def afresh(self) -> Iterator[None]:
        """What is measured meanwhile counts as never measured before, and belongs to whoever holds this step."""
        logbook, known = self._run.logbook, self._run.logbook.known
        self._run.frame()
        logbook.branch, logbook.known = self.tree.owner(self.branch, self._run.step), False
        yield
        self._run.frame()
        logbook.branch, logbook.known = self.branch, known

    def keep(self, kind: Kind) -> None:
        """Keep the state, unless it is kept already or something has been changed at this step."""
        step = self._run.step
        holder = self.tree.holder(self.branch, step)
        if self._here or self.shelf.has(holder, step):
            return
        kept = Kept(step, holder, to_body(self._run.parts.capture()), kind)
        self._run.logbook.keep(kept, self.shelf.put(kept))

    def _fork(self, name: str) -> None:
        """Begin a branch here; what has been carried out at this step belongs to it too."""
        self._run.frame()
        step, tip = self._run.step, self.tree.tips[self.branch]
        here, self._here = self._here, []
        marks = (it for it in self.tree.line(self.branch) if isinstance(it, Marked) and it.step == step)
        met = all(mark in here for mark in marks if mark.kind in PLANNED)
        arrived = met and (tip.step > step or tip.arrived)
        branch = Branch(self.tree.next_id(), self.tree.holder(self.branch, step), step, name)
        self.tree.begin(branch, arrived)
        self.branch, self._leaving = branch.id, None
        self._ahead.clear()
        self._run.logbook.branched(branch)
        for entry in here:
            self.tell(entry)

    def _know(self, known: bool) -> None:
        """What is measured from now on has been, or has not been, measured before."""
        if self._run.logbook.known != known:
            self._run.frame()
            self._run.logbook.known = known
