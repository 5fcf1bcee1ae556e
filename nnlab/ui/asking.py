"""What can be asked of the engine of a run; the answers arrive as events."""

import itertools
from collections.abc import Callable

from nnlab.client.feed import Feed
from nnlab.wire import commands, events
from nnlab.wire.values import KnobValue, RunState


class Asking:
    """Commands out. `state` is what the engine said last, `failure` why it says no more."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._serial = itertools.count(1)
        self._saving: dict[int, Callable[[events.Saved], None]] = {}
        self.state: RunState = "warming"
        self.failure: events.RunFailed | events.EngineLost | None = None

    @property
    def alive(self) -> bool:
        """Whether the engine still answers commands."""
        return self.failure is None and self.state not in ("stopped", "failed")

    def turn(self, knob: str, value: KnobValue, source: str = "user") -> None:
        """Ask for a knob value; the answer arrives as an event."""
        self._feed.send(commands.Turn(knob, value, next(self._serial), source))

    def toggle(self) -> None:
        """Pause a run that goes on, let a paused or finished one go on."""
        self._feed.send(commands.Pause() if self.state in ("running", "warming") else commands.Resume())

    def go_on(self) -> None:
        """Train on, whatever the run did before."""
        self._feed.send(commands.Resume())

    def run(self, steps: int) -> None:
        """Train `steps` more steps, then pause."""
        self._feed.send(commands.Run(steps))

    def restart(self) -> None:
        """Begin again from step 0 as a new run, with the knobs as the scenario sets them."""
        self._feed.send(commands.Restart())

    def evaluate(self) -> None:
        """Measure validation and probes now."""
        self._feed.send(commands.Evaluate())

    def save(self, path: str, answered: Callable[[events.Saved], None]) -> None:
        """Have the state written to a file; `answered` is called when everything up to that state has been told."""
        self._saving[number := next(self._serial)] = answered
        self._feed.send(commands.Save(path, number))

    def note(self, kind: str, text: str, step: int) -> None:
        """Write into the journal what a named test or a trial has found."""
        self._feed.send(commands.Remark(kind, text, step))
