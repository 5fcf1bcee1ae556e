"""A feed that is made up: for tests of everything that watches a run."""

from collections import deque
from collections.abc import Iterable

from nnlab.wire.commands import Command
from nnlab.wire.events import Event


class ScriptedFeed:
    """Yields the given events, `batch` at each poll (all at once by default), and keeps the commands that were sent."""

    def __init__(self, events: Iterable[Event] = (), batch: int | None = None) -> None:
        self._events: deque[Event] = deque(events)
        self._batch = batch
        self.sent: list[Command] = []
        self.closed = False

    def add(self, *events: Event) -> None:
        """More events, for the next polls."""
        self._events.extend(events)

    def poll(self, timeout: float) -> list[Event]:
        """The next events; never waits."""
        count = len(self._events) if self._batch is None else min(self._batch, len(self._events))
        return [self._events.popleft() for _ in range(count)]

    def send(self, command: Command) -> None:
        """Keep the command."""
        self.sent.append(command)

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True
