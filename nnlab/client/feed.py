"""What every view of a run looks at: events come in, commands go out."""

from typing import Protocol

from nnlab.wire.commands import Command
from nnlab.wire.events import Event


class Feed(Protocol):
    """A run: live, recorded or made up. Events come in the order in which the engine told them."""

    def poll(self, timeout: float) -> list[Event]:
        """All events that have arrived; waits up to `timeout` seconds for the first. Empty when nothing came."""
        ...

    def send(self, command: Command) -> None:
        """Ask for something; the answer comes as an event. Never waits for the engine, never raises if it is gone."""
        ...

    def close(self) -> None:
        """Let go of the run; what the feed started itself is ended."""
        ...
