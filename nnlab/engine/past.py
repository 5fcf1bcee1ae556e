"""What a run has told so far, for clients that come late."""

from array import array
from dataclasses import replace

from nnlab.wire.events import Event, Frame

JOINED_POINTS = 16384
"""Frames between two other events are joined up to about this many points: a long run stays a short list."""


class Past:
    """All events in order; joined frames hold the same points in the same order."""

    def __init__(self) -> None:
        """Nothing is told yet."""
        self._events: list[Event] = []
        self._columns: dict[str, tuple[array[int], array[float]]] = {}
        self._size = 0
        self._last: Frame | None = None

    def add(self, event: Event) -> None:
        """The next event."""
        if not isinstance(event, Frame):
            self._join()
            self._events.append(event)
            return
        for name, steps, values in zip(event.series, event.steps, event.values, strict=True):
            known = self._columns.setdefault(name, (array("q"), array("d")))
            known[0].extend(steps)
            known[1].extend(values)
            self._size += len(steps)
        self._last = event
        if self._size >= JOINED_POINTS:
            self._join()

    def events(self) -> list[Event]:
        """Everything so far."""
        self._join()
        return list(self._events)

    def _join(self) -> None:
        if self._last is None:
            return
        columns, self._columns = self._columns, {}
        steps = tuple(column[0] for column in columns.values())
        values = tuple(column[1] for column in columns.values())
        self._events.append(replace(self._last, series=tuple(columns), steps=steps, values=values))
        self._last, self._size = None, 0
