"""All that is known of a run at a step: the material of every rule and every plot.

Rules are evaluated at boundaries and nowhere else, and at a boundary the history holds exactly what had been measured
by then, however the engine cut it into frames. That is why live, headless and replayed runs have the same findings.

Boundaries are every multiple of `RunInfo.diagnose_every` from 0 on, the step after the first non-finite loss or
gradient norm, and the end of the run. At boundary B the history holds per-step points with step < B, all other points
with step ≤ B (they are measured before step B), and turns and marks with step < B. B counts as complete when a later
step has been done, when the run rests at B and everything that is due at B has arrived, and when the run ends at B.
Between boundaries, when `feed` is done, the history shows everything that has arrived.
"""

from collections.abc import Iterator

import numpy as np

from nnlab.telemetry.pyramid import Floats, Ints
from nnlab.telemetry.series import Series
from nnlab.wire import events
from nnlab.wire.values import PER_STEP, KnobValue, RunInfo, RunState

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
        self._series: dict[str, Series] = {}
        self._units = {spec.name: spec.unit for spec in info.series}
        self._every = {spec.name: spec.every for spec in info.series}
        self._knobs: dict[str, KnobValue] = {knob.id: knob.value for knob in info.knobs}
        self._turns: list[events.KnobTurned] = []
        self._marks: list[events.Marked] = []
        self._cut: int | None = None
        self._boundary = -1
        self._done = 0
        self._broken: int | None = None

    def get(self, name: str) -> Series | None:
        """The series of this name; None as long as it has no points."""
        return self._series.get(name)

    def names(self) -> tuple[str, ...]:
        """Series that have points, in the order in which they first appeared."""
        return tuple(self._series)

    @property
    def turns(self) -> tuple[events.KnobTurned, ...]:
        """Knobs turned so far, in order."""
        return tuple(turn for turn in self._turns if self._cut is None or turn.step < self._cut)

    @property
    def marks(self) -> tuple[events.Marked, ...]:
        """Marks so far (phase, drift, note, guard, …), in the order in which they arrived."""
        return tuple(mark for mark in self._marks if self._cut is None or mark.step < self._cut)

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
                self._turns.append(event)
            case events.Marked():
                self._marks.append(event)
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
        self._find_break(pending)
        self.seconds = frame.seconds or self.seconds
        self._done = max(self._done, frame.step)
        for boundary in self._complete(self._done):
            pending = {name: self._take(name, *points, boundary) for name, points in pending.items()}
            yield self._stand_at(boundary)
        for name, (steps, values) in pending.items():
            self._of(name).extend(steps, values)
        self._cut, self.step = None, self._done

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
            for name, series in self._series.items()
            if name not in PER_STEP and self._every.get(name, 0)
        )
        return bool(self._series) and not any(owed)

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
        if name not in self._series:
            self._series[name] = Series(name, self._units.get(name, ""))
        return self._series[name]
