"""A doctor for runs that go back in time: what was concluded at a boundary of a line is not worked out twice.

A rewind tells the boundaries of the line again from the first. Those looked at before are answered from memory,
together with what the doctor knew there, so that only new ones cost a look.
"""

from collections.abc import Callable
from typing import Generic, Protocol, Self, TypeVar

from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.wire.values import RunInfo

REMEMBERED = 2048
"""Boundaries, the latest ones: about two hundred make up a run."""


class Copyable(Protocol):
    """A judge whose knowledge can be put by."""

    def look(self, history: History) -> Diagnosis:
        """The diagnosis at the history's present step."""
        ...

    def copy(self) -> Self:
        """Another one that knows the same."""
        ...


Judge = TypeVar("Judge", bound=Copyable)


class Attending(Generic[Judge]):
    """Call `look` at each boundary as the history tells it, after a `Rewound` too."""

    def __init__(self, info: RunInfo, make: Callable[[RunInfo], Judge]) -> None:
        self._info = info
        self._make = make
        self._judge = make(info)
        self._boundary = -1
        self._known: dict[tuple[int, int], tuple[Judge, Diagnosis]] = {}

    def look(self, history: History) -> Diagnosis:
        """The diagnosis at the history's present step."""
        boundary, back = history.step, history.step <= self._boundary
        self._boundary = boundary
        place = history.holder(boundary), boundary
        if place in self._known:
            self._judge, diagnosis = self._known[place]
            return diagnosis
        self._judge = self._make(self._info) if back else self._judge.copy()
        diagnosis = self._judge.look(history)
        self._known[place] = self._judge, diagnosis
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return diagnosis


def attending(info: RunInfo) -> Attending[Doctor]:
    """The doctor of a run."""
    return Attending(info, Doctor)
