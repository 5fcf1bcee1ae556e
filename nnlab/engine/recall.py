"""What a run file knows of a run that goes on from it, or is to be done again: its lines, their ends, its snapshots."""

from nnlab.engine.past import Past
from nnlab.engine.shelf import Kept, Shelf
from nnlab.engine.track import DERIVED
from nnlab.engine.tree import Tree
from nnlab.runs import retell
from nnlab.runs.reader import RunFile
from nnlab.wire.events import Branched, KnobTurned, Marked, RunStarted

NO_ENTRY = (*DERIVED, "pace")
"""Marks that do not belong to a line."""


def tree(file: RunFile) -> Tree:
    """The branches, with what was turned and marked on them and how far each was trained."""
    found = Tree()
    for branch in file.branches():
        if branch.id:
            found.begin(branch, arrived=False)
        for event in file.own_events(branch.id):
            if isinstance(event, KnobTurned) or (isinstance(event, Marked) and event.kind not in NO_ENTRY):
                found.add(branch.id, event)
        found.end(branch.id, file.done(branch.id))
    return found


def shelf(file: RunFile) -> Shelf:
    """The snapshots."""
    found = Shelf()
    for kept in file.snapshots():
        found.put(Kept(kept.step, kept.branch, kept.body, kept.kind))
    return found


def past(file: RunFile) -> Past:
    """Everything told."""
    found = Past()
    found.add(RunStarted(file.info), 0, known=False)
    for branch in file.branches():
        if branch.id:
            found.add(Branched(branch.id, branch.parent, branch.step, branch.name), branch.id, known=False)
        for event in retell.own(file, branch):
            found.add(event, branch.id, known=False)
    return found
