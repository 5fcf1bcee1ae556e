"""Going back and forth on the lines of a run.

A line is re-executed, never patched together: the nearest snapshot, then the very steps and entries that made it. From
there training follows the line (what it measures is `known` and is not recorded twice) until its end is reached or
something is changed, which begins a branch. On known steps nothing reacts by itself: guards, early stopping and script
have had their say, and what came of it stands among the line's entries.
"""

from collections import deque
from typing import TYPE_CHECKING

from nnlab.engine.past import Standing
from nnlab.engine.shelf import Kept, Kind, Shelf
from nnlab.engine.state import from_body, to_body
from nnlab.engine.tree import PLANNED, Entry, Tree
from nnlab.errors import UserError
from nnlab.runs.body import BodyError
from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.values import Branch

if TYPE_CHECKING:
    from nnlab.engine.run import Run

STEADY_PER_RUN = 32
"""Steady snapshots in the planned steps: of 10,000 steps no more than 312 are re-executed to reach any other."""
DERIVED = ("finding", "verdict")
"""Marks that clients make; they make them again."""


class NoSuchPlaceError(UserError):
    """There is no such place; the message says what there is."""


class TimeMachine:
    """Where a run stands in its tree, and how it gets elsewhere."""

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
        self._undone: list[int] = []
        """Branches that undo has left."""
        self._travelling = False

    # --- called by the run between two steps ---------------------------------------------------------------------

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

    # --- changes -------------------------------------------------------------------------------------------------

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
        self._undone.clear()

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

    def keep(self, kind: Kind) -> None:
        """Keep the state, unless it is kept already or something has been changed at this step."""
        step = self._run.step
        holder = self.tree.holder(self.branch, step)
        if self._here or self.shelf.has(holder, step):
            return
        kept = Kept(step, holder, to_body(self._run.capture()), kind)
        self._run.logbook.keep(kept, self.shelf.put(kept))

    # --- journeys ------------------------------------------------------------------------------------------------

    def rewind(self, step: int) -> None:
        """Go to a step of the present line. Raises NoSuchPlaceError."""
        self.go(self.branch, step)

    def switch(self, branch: int, step: int = -1) -> None:
        """Go to the end of a branch, or to a step of its line. Raises NoSuchPlaceError."""
        if branch not in self.tree.branches:
            raise NoSuchPlaceError(f"there is no branch {branch}; there are {', '.join(map(str, self.tree.branches))}")
        self.go(branch, self.tree.tips[branch].step if step < 0 else step)

    def undo(self) -> None:
        """Go back to before the last knob turn: training on is a branch without it. Raises NoSuchPlaceError."""
        left = self.branch
        done = [entry for entry in self.tree.line(self.branch) if entry.step < self._run.step] + self._here
        done += self._ahead if self._leaving is not None else []
        last = max((index for index, entry in enumerate(done) if isinstance(entry, KnobTurned)), default=None)
        if last is None:
            raise NoSuchPlaceError("no knob has been turned on this line, so there is nothing to undo")
        turn = done[last]
        before = [entry for entry in done[:last] if entry.step == turn.step]
        self.go(self.branch, turn.step)
        assert isinstance(turn, KnobTurned)
        self._ahead, self._leaving = deque(before), f"without {turn.knob} {turn.new}"
        self._undone.append(left)

    def redo(self) -> None:
        """Go to the end of the branch that the last undo left. Raises NoSuchPlaceError."""
        if not self._undone:
            raise NoSuchPlaceError("nothing has been undone since the last change")
        self.switch(self._undone.pop())

    def go(self, branch: int, step: int) -> None:
        """Go to a step of the line of a branch, before anything that was turned there. Raises NoSuchPlaceError."""
        end = self.tree.tips[branch].step
        if not 0 <= step <= end:
            raise NoSuchPlaceError(f"cannot go to step {step}: this line goes from step 0 to step {end}")
        run = self._run
        run.frame()
        start = self._restore(branch, step)
        self.branch, self._here, self._leaving = branch, [], None
        self._ahead = deque(entry for entry in self.tree.line(branch) if entry.step >= start)
        run.logbook.quiet = run.logbook.known = self._travelling = True
        try:
            while run.step < step:
                self.retell()
                run.one_step()
            run.frame()
        finally:
            run.logbook.quiet = self._travelling = False
        run.logbook.rewound(step, branch)
        run.logbook.restart_clock(step)

    def good(self, below: int) -> int | None:
        """The step of the last snapshot before step `below` of the present line whose parameters are finite."""
        for kept in self.shelf.before(self.tree.path(self.branch), below - 1):
            if from_body(kept.body)["parameters"]["values"].isfinite().all():
                return kept.step
        return None

    def nearest(self, step: int) -> Kept:
        """The last snapshot up to `step` of the present line. Raises NoSuchPlaceError."""
        kept = next(self.shelf.before(self.tree.path(self.branch), step), None)
        if kept is None:
            raise NoSuchPlaceError("there is no snapshot to start from")
        return kept

    def name(self, branch: int, name: str) -> None:
        """Call a branch something. Raises NoSuchPlaceError."""
        if branch not in self.tree.branches:
            raise NoSuchPlaceError(f"there is no branch {branch}; there are {', '.join(map(str, self.tree.branches))}")
        self._run.frame()
        self._run.logbook.named(self.tree.name(branch, name), self._run.step)

    def _restore(self, branch: int, step: int) -> int:
        """Put the run into the nearest snapshot up to `step` of a line that can be read; the snapshot's step."""
        for kept in self.shelf.before(self.tree.path(branch), step):
            try:
                state = from_body(kept.body)
            except BodyError:
                self.shelf.drop(kept)
                continue
            self._run.restore(state)
            return kept.step
        raise NoSuchPlaceError("there is no snapshot to start from")

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
