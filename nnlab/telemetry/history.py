"""All that is known of a run at a step: the material of every rule and every plot.

Rules are evaluated at boundaries and nowhere else, and at a boundary the history holds exactly what had been measured
by then, however the engine cut it into frames. That is why live, headless and replayed runs have the same findings.

Boundaries are every multiple of `RunInfo.diagnose_every` from 0 on, the step after the first non-finite loss or
gradient norm, and the end of the run. At boundary B the history holds per-step points with step < B, all other points
with step ≤ B (they are measured before step B), and turns and marks with step < B. B counts as complete when a later
step has been done, when the run rests at B and everything that is due at B has arrived, and when the run ends at B.
Between boundaries, when `feed` is done, the history shows everything that has arrived.

A run that is rewound or branches has several lines (see `nnlab.telemetry.line`). The history's own face is always the
current line up to where the run stands; `line` gives the others, and what the current one was beyond that. After
`Rewound` every boundary of the current line is told again from the first, so that a fresh doctor comes to the findings
of a run that went that way straight.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnlab.telemetry.line import Line
from nnlab.telemetry.pyramid import Floats, Ints
from nnlab.telemetry.series import Series
from nnlab.wire import events
from nnlab.wire.values import PER_STEP, Branch, KnobValue, RunInfo, RunState

_ENDS: tuple[RunState, ...] = ("finished", "stopped", "failed")


class History:
    """Telemetry of one run, grown by its events. Memory stays bounded whatever the length of the run."""

    def __init__(self, info: RunInfo) -> None:
        self.info = info
        self.step = 0
        """Steps done, as far as the history shows; the boundary itself at a boundary."""
        self.seconds = 0.0
        """Seconds of training, as the last frame told."""
        self.state: RunState = "warming"
        self.branch = 0
        """The current branch."""
        self.exact = True
        """False after a rewind so far back that only an overview was left; `Hello` has the engine tell everything."""
        self._line = Line()
        self._told: dict[int, Line] = {}
        """The longest that was told of each other branch, and of the current one before it was rewound."""
        self._branches: dict[int, Branch] = {0: Branch(0)}
        self._units = {spec.name: spec.unit for spec in info.series}
        self._every = {spec.name: spec.every for spec in info.series}
        self._knobs: dict[str, KnobValue] = {knob.id: knob.value for knob in info.knobs}
        self._cut: int | None = None
        self._boundary = -1
        self._done = 0
        self._broken: int | None = None

    def get(self, name: str) -> Series | None:
        """The series of this name; None as long as it has no points."""
        return self._line.get(name)

    def names(self) -> tuple[str, ...]:
        """Series that have points, in the order in which they first appeared."""
        return tuple(self._line.series)

    @property
    def branches(self) -> tuple[Branch, ...]:
        """All branches told of, in the order in which they began; the first has id 0."""
        return tuple(self._branches.values())

    def holder(self, step: int) -> int:
        """On which branch the state after `step` steps of the current line lies: a branch takes over only after it."""
        branch = self._branches.get(self.branch, Branch(self.branch))
        while branch.parent >= 0 and step <= branch.step:
            branch = self._branches[branch.parent]
        return branch.id

    def line(self, branch: int) -> Line | None:
        """All that was told of the line of a branch, from step 0 to its end; None for an unknown branch.

        For the current branch it may reach beyond `step`: the run was rewound, and this is where it went before.
        """
        told = self._told.get(branch)
        current = branch == self.branch and (told is None or told.step <= self._line.step)
        return self._line if current else told

    @property
    def turns(self) -> tuple[events.KnobTurned, ...]:
        """Knobs turned so far, in order."""
        return tuple(turn for turn in self._line.turns if self._cut is None or turn.step < self._cut)

    @property
    def marks(self) -> tuple[events.Marked, ...]:
        """Marks so far (phase, drift, note, guard, …), in the order in which they arrived."""
        return tuple(mark for mark in self._line.marks if self._cut is None or mark.step < self._cut)

    def knob(self, name: str) -> KnobValue | None:
        """What a knob holds at this step; None if the run has no such knob."""
        return next((turn.new for turn in reversed(self.turns) if turn.knob == name), self._knobs.get(name))

    @property
    def boundary(self) -> int:
        """The last boundary that was complete; -1 before the first."""
        return self._boundary

    def feed(self, event: events.Event) -> Iterator[int]:
        """Absorb an event and yield each boundary that it completes, with the history cut exactly there.

        The iterator must be run to its end: what lies behind the last boundary is absorbed only then. An event that
        starts another run is not for this history.
        """
        match event:
            case events.Frame():
                yield from self._absorb(event)
            case events.KnobTurned():
                self._line.turns.append(event)
            case events.Marked():
                self._line.marks.append(event)
            case events.Rewound(step, branch):
                yield from self._rewind(step, branch)
            case events.Branched(branch, parent, step, name):
                self._put_by()
                self._branches[branch] = Branch(branch, parent, step, name)
                self._line, self.branch = self._line.fork(step), branch
            case events.BranchNamed(branch, name):
                self._branches[branch] = replace(self._branches[branch], name=name)
            case events.StateChanged():
                self.state = event.state
                yield from self._rest(event.step, ended=event.state in _ENDS)
            case events.RunFailed() | events.EngineLost():
                self.state = "failed"
                yield from self._rest(self._done, ended=True)
            case _:
                pass

    def _absorb(self, frame: events.Frame) -> Iterator[int]:
        pending = {
            name: (np.frombuffer(steps, np.int64), np.frombuffer(values, np.float64))
            for name, steps, values in zip(frame.series, frame.steps, frame.values, strict=True)
            if len(steps)
        }
        self.seconds = frame.seconds or self.seconds
        yield from self._take_in(pending, max(self._done, frame.step))

    def _rewind(self, step: int, branch: int) -> Iterator[int]:
        """Stand at a step of the line of a branch, telling its boundaries again."""
        self._put_by()
        line = self._told.get(branch, Line())
        self.exact = line.whole or step == 0
        self._line, self.branch = line.before(step), branch
        self._boundary, self._done, self._broken = -1, 0, None
        told = self._take_in(line.points(step), step)
        if self.exact:
            yield from told
        else:  # a doctor could not make sense of it
            for _ in told:
                pass

    def _put_by(self) -> None:
        """Remember the current line, if it is the longest told of its branch."""
        told = self._told.get(self.branch)
        if told is None or told.step <= self._line.step:
            self._told[self.branch] = self._line

    def _take_in(self, pending: dict[str, tuple[Ints, Floats]], done: int) -> Iterator[int]:
        """Take in points, `done` steps being done."""
        self._find_break(pending)
        self._done = done
        for boundary in self._complete(self._done):
            pending = {name: self._take(name, *points, boundary) for name, points in pending.items()}
            yield self._stand_at(boundary)
        for name, (steps, values) in pending.items():
            self._of(name).extend(steps, values)
        self._cut, self.step = None, self._done
        self._line.step = self._done

    def _rest(self, step: int, ended: bool) -> Iterator[int]:
        """The run stands still at `step`: boundaries up to it may be complete although no later step has been done."""
        self._done = max(self._done, step)
        for boundary in self._complete(self._done):
            yield self._stand_at(boundary)
        at_boundary = self._done % self.info.diagnose_every == 0 or self._done == self._broken
        if self._done > self._boundary and (ended or (at_boundary and self._has_all(self._done))):
            yield self._stand_at(self._done)
        self._cut, self.step = None, self._done

    def _complete(self, done: int) -> list[int]:
        """Boundaries not yet told that lie before the last step done, in order."""
        every = self.info.diagnose_every
        found = set(range((self._boundary // every + 1) * every, done, every))
        if self._broken is not None and self._boundary < self._broken < done:
            found.add(self._broken)
        return sorted(found)

    def _has_all(self, step: int) -> bool:
        """Whether no series that is sampled at regular steps still owes a point up to `step`."""
        owed = (
            series.last_step + self._every.get(name, 0) <= step
            for name, series in self._line.series.items()
            if name not in PER_STEP and self._every.get(name, 0)
        )
        return bool(self._line.series) and not any(owed)

    def _stand_at(self, boundary: int) -> int:
        self._boundary = self._cut = self.step = boundary
        return boundary

    def _find_break(self, pending: dict[str, tuple[Ints, Floats]]) -> None:
        """Note the step after the first non-finite loss or gradient norm."""
        if self._broken is not None:
            return
        for name in PER_STEP:
            if name in pending:
                steps, values = pending[name]
                bad = ~np.isfinite(values)
                if bad.any():
                    after = int(steps[int(np.argmax(bad))]) + 1
                    self._broken = after if self._broken is None else min(self._broken, after)

    def _take(self, name: str, steps: Ints, values: Floats, boundary: int) -> tuple[Ints, Floats]:
        """Take in the points that belong before this boundary; the rest comes back."""
        end = int(np.searchsorted(steps, boundary, side="left" if name in PER_STEP else "right"))
        if end:
            self._of(name).extend(steps[:end], values[:end])
        return steps[end:], values[end:]

    def _of(self, name: str) -> Series:
        series = self._line.series
        if name not in series:
            series[name] = Series(name, self._units.get(name, ""))
        return series[name]
