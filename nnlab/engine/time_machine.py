"""Going back and forth on the lines of a run.

A line is re-executed, never patched together: the nearest snapshot, then the very steps and entries that made it. From
there training follows the line until its end is reached or something is changed, which begins a branch (see
`nnlab.engine.track`).
"""

from collections import deque
from typing import TYPE_CHECKING

from nnlab.engine.shelf import Kept, Shelf
from nnlab.engine.state import from_body
from nnlab.engine.track import Track
from nnlab.engine.tree import Tree
from nnlab.errors import UserError
from nnlab.runs.body import BodyError
from nnlab.wire.events import KnobTurned

if TYPE_CHECKING:
    from nnlab.engine.run import Run


class NoSuchPlaceError(UserError):
    """There is no such place; the message says what there is."""


class TimeMachine(Track):
    """The track of a run, and how the run gets elsewhere in its tree."""

    def __init__(self, run: "Run", tree: Tree, shelf: Shelf) -> None:
        """At the start of the first line."""
        super().__init__(run, tree, shelf)
        self._undone: list[int] = []
        """Branches that undo has left."""

    def change(self, name: str) -> None:
        """As on any track; what has been undone cannot be redone any more."""
        super().change(name)
        self._undone.clear()

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
