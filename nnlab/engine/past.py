"""What a run has told so far, branch by branch, for clients that come late."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nnlab.wire.events import Branched, BranchNamed, Event, Frame, Rewound, RunStarted, StateChanged
from nnlab.wire.values import PER_STEP

JOINED_POINTS = 16384
"""Frames between two other events are joined up to about this many points: a long run stays a short list."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands that was rewound: after `step` steps of its line and what was told `here`, at that step."""

    step: int
    here: Sequence[Event]


class Stretch:
    """All events of one branch in order; joined frames hold the same points in the same order."""

    def __init__(self) -> None:
        """Nothing is told yet."""
        self._events: list[Event] = []
        self._columns: dict[str, tuple[array[int], array[float]]] = {}
        self._size = 0
        self._last: Frame | None = None
        self._done = 0

    def add(self, event: Event) -> None:
        """The next event. A frame of earlier steps (an evaluation asked for after a rewind) is left to the run file."""
        if not isinstance(event, Frame):
            self._join()
            self._events.append(event)
            return
        if event.step < self._done:
            return
        self._done = event.step
        for name, steps, values in zip(event.series, event.steps, event.values, strict=True):
            known = self._columns.setdefault(name, (array("q"), array("d")))
            known[0].extend(steps)
            known[1].extend(values)
            self._size += len(steps)
        self._last = event
        if self._size >= JOINED_POINTS:
            self._join()

    def events(self, stop: int | None = None) -> list[Event]:
        """Everything so far, or what belongs before step `stop` and was measured up to it."""
        self._join()
        if stop is None:
            return list(self._events)
        frames = (_cut(event, stop) if isinstance(event, Frame) else event for event in self._events)
        return [event for event in frames if isinstance(event, Frame) or getattr(event, "step", 0) < stop]

    def _join(self) -> None:
        if self._last is None:
            return
        columns, self._columns = self._columns, {}
        steps = tuple(column[0] for column in columns.values())
        values = tuple(column[1] for column in columns.values())
        self._events.append(replace(self._last, series=tuple(columns), steps=steps, values=values))
        self._last, self._size = None, 0


class Past:
    """Everything told of a run, each point and event once, however often training passed it."""

    def __init__(self) -> None:
        """Nothing is told yet."""
        self._started: RunStarted | None = None
        self._stretches: dict[int, Stretch] = {0: Stretch()}
        self._branches: list[Branched] = []
        self._current = 0
        self._state: StateChanged | None = None

    def add(self, event: Event, branch: int, known: bool) -> None:
        """The next event, which belongs to `branch`; a `known` one has been told before."""
        match event:
            case RunStarted():
                self._started = event
            case Rewound():
                self._current = event.branch
            case Branched():
                self._branches.append(event)
                self._stretches[event.branch] = Stretch()
                self._current = event.branch
            case BranchNamed(number, name):
                self._branches = [replace(one, name=name) if one.branch == number else one for one in self._branches]
            case _:
                if not known:
                    self._stretches[branch].add(event)
        if isinstance(event, StateChanged):
            self._state = event

    def events(self, standing: Standing | None = None) -> list[Event]:
        """Everything so far: the one line, or every branch and then the current line anew, up to `standing`."""
        told: list[Event] = [] if self._started is None else [self._started]
        told += self._stretches[0].events()
        for branch in self._branches:
            told += [Rewound(branch.step, branch.parent), branch, *self._stretches[branch.branch].events()]
        if not self._branches and standing is None:
            return told
        told += [Rewound(0, self._current), *self._line(standing)]
        return told if self._state is None else [*told, self._state]

    def _line(self, standing: Standing | None) -> list[Event]:
        above = {branch.branch: branch for branch in self._branches}
        stop = None if standing is None else standing.step
        at, found = self._current, list(standing.here if standing else ())
        while True:
            found = self._stretches[at].events(stop) + found
            if at not in above:
                return found
            begun = above[at].step
            at, stop = above[at].parent, begun if stop is None else min(begun, stop)


def _cut(frame: Frame, stop: int) -> Frame:
    """The points up to `stop`, per-step ones before it."""
    ends = [
        bisect_left(steps, stop) if name in PER_STEP else bisect_right(steps, stop)
        for name, steps in zip(frame.series, frame.steps, strict=True)
    ]
    return replace(
        frame,
        step=min(frame.step, stop),
        steps=tuple(steps[:end] for steps, end in zip(frame.steps, ends, strict=True)),
        values=tuple(values[:end] for values, end in zip(frame.values, ends, strict=True)),
    )
