"""The branches of a run: the tree as a list, and the lines that are drawn behind the present one."""

from dataclasses import dataclass, replace

import numpy as np

from nnlab.telemetry.history import History
from nnlab.telemetry.line import Line as Told
from nnlab.ui import format as write
from nnlab.ui.charts.lines import Line, as_branch
from nnlab.ui.session import Session
from nnlab.ui.views.held import in_force
from nnlab.wire.values import Branch

FIRST = "main"
"""What the first branch is called until someone names it."""

SEEN_WITH = ("val/loss", "train/loss")
"""The last value of the first of these that a line has stands in the list."""


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch in the list. `depth` counts the branches that it comes from; `differs` are knobs that end elsewhere than
    those of the present branch; empty texts where nothing is known."""

    branch: int
    name: str
    depth: int
    current: bool
    drawn: bool
    fork: str
    end: str
    differs: str
    loss: str
    verdict: str


def name_of(branch: Branch) -> str:
    """What a branch is called."""
    return branch.name or (FIRST if branch.id == 0 else f"branch {branch.id}")


def rows(session: Session, drawn: frozenset[int]) -> tuple[BranchRow, ...]:
    """All branches, each under the one that it comes from; `drawn` are those behind the present line in the plots."""
    history = session.history
    if history is None:
        return ()
    found: list[BranchRow] = []
    _gather(session, history, drawn, -1, 0, found)
    return tuple(found)


def _gather(
    session: Session, history: History, drawn: frozenset[int], parent: int, depth: int, found: list[BranchRow]
) -> None:
    for branch in history.branches:
        if branch.parent == parent:
            found.append(_row(session, history, branch, depth, branch.id in drawn))
            _gather(session, history, drawn, branch.id, depth + 1, found)


def _row(session: Session, history: History, branch: Branch, depth: int, drawn: bool) -> BranchRow:
    line, current = history.line(branch.id), branch.id == history.branch
    last = session.past.last(branch.id)
    end = history.step if current else line.step if line else 0
    return BranchRow(
        branch.id,
        name_of(branch),
        depth,
        current,
        drawn,
        f"from {write.count(branch.step)}" if branch.parent >= 0 else "",
        f"to {write.count(end)}",
        "" if current or line is None else _differs(history, line),
        _loss(line),
        last.verdict.replace("-", " ") if last else "",
    )


def _differs(history: History, line: Told) -> str:
    ours, theirs = (in_force(history.info.knobs, turns) for turns in (history.turns, line.turns))
    return ", ".join(f"{knob} {write.knob(value)}" for knob, value in theirs.items() if value != ours.get(knob))


def _loss(line: Told | None) -> str:
    for name in SEEN_WITH if line else ():
        series = line.get(name) if line else None
        if series is not None:
            return f"{name} {write.number(series.last, 3)}"
    return ""


# --- behind the present line in the plots ----------------------------------------------------------------------------


def drawn_by_default(session: Session) -> frozenset[int]:
    """The branch that the run came from, and what the present line was beyond where the run stands now."""
    history = session.history
    if history is None:
        return frozenset()
    return frozenset(
        {history.branch, history.branch if session.journeys.came_from is None else session.journeys.came_from}
    )


def behind(history: History, drawn: frozenset[int], name: str, line: Line) -> list[Line]:
    """One series of the branches in `drawn` as faint lines that belong to `line`, from where they part from it."""
    found = []
    for number, branch in enumerate(history.branches):
        told = history.line(branch.id)
        series = told.get(name) if told is not None and branch.id in drawn else None
        if series is None:
            continue
        steps, low, high, mean = series.overview()
        rest = slice(max(int(np.searchsorted(steps, parting(history, branch.id))) - 1, 0), None)
        if len(steps[rest]) > 1 and steps[-1] > parting(history, branch.id):
            other = replace(line, steps=steps[rest], low=low[rest], high=high[rest], mean=mean[rest], nonfinite=None)
            called = "before" if branch.id == history.branch else name_of(branch)
            faint = replace(as_branch(other, f"{called}: {line.label}", number), value=None, brief=called, faint=True)
            found.append(faint)
    return found


def parting(history: History, branch: int) -> int:
    """The step at which the line of a branch parts from the present one; where the run stands, of the present one."""
    ours, theirs = _path(history, history.branch), _path(history, branch)
    common = max(one for one in ours if one in theirs)
    return min(ours[common], theirs[common], history.step)


def _path(history: History, branch: int) -> dict[int, int]:
    """The branches that the line of one is made of, each with the step at which it is left."""
    known = {one.id: one for one in history.branches}
    found, stop = {}, 2**62
    while branch >= 0:
        found[branch] = stop
        branch, stop = known[branch].parent, known[branch].step
    return found
