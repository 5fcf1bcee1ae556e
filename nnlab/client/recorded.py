"""A run file as a feed: the run is told again as the engine told it."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from nnlab.client.frames import frame
from nnlab.runs.reader import RunFile
from nnlab.wire.commands import Command, Inspect, Turn
from nnlab.wire.events import Event, InspectionRefused, KnobRefused, RunFailed, RunStarted, StateChanged
from nnlab.wire.values import PER_STEP

CHUNK = 1024
"""Steps in one frame, at most."""

_ENDS = ("finished", "stopped", "failed")


class RecordedFeed:
    """Tells a recorded run from its start, a few frames at each poll. Raises RunFileError if the file cannot be read.

    An event about step S comes after all that was measured before step S, as with a live engine, so a doctor comes to
    the same findings at the same steps. A recording that ends without a farewell (its engine was killed) ends with the
    state `stopped`.
    """

    def __init__(self, path: str | Path, frames_per_poll: int = 8) -> None:
        self._file = RunFile(path)
        self._told = self._tell()
        self._frames_per_poll = frames_per_poll
        self._answers: deque[Event] = deque()
        self._step = 0
        self._sampled = 0
        self.info = self._file.info
        self.done = False
        """Whether everything has been told."""

    def poll(self, timeout: float) -> list[Event]:
        """The next events; never waits. Empty once everything has been told."""
        found: list[Event] = list(self._answers)
        self._answers.clear()
        for _ in range(0 if self.done else self._frames_per_poll):
            event = next(self._told, None)
            if event is None:
                self.done = True
                break
            found.append(event)
        return found

    def send(self, command: Command) -> None:
        """A recording can be neither steered nor looked into: that is refused, everything else passes over."""
        if isinstance(command, Turn):
            reason = "this is a recording; restart the scenario to turn knobs"
            self._answers.append(KnobRefused(self._step, command.knob, command.value, reason, command.id))
        elif isinstance(command, Inspect):
            reason = "this is a recording, which keeps the series and not the model"
            self._answers.append(InspectionRefused(self._step, command.what, reason, command.id))

    def close(self) -> None:
        """Close the file."""
        self._told = iter(())
        self.done = True
        self._file.close()

    def _tell(self) -> Iterator[Event]:
        yield RunStarted(self._file.info)
        ended = False
        for event in self._file.events():
            yield from self._frames(event.step)
            ended = isinstance(event, RunFailed) or (isinstance(event, StateChanged) and event.state in _ENDS)
            yield event
        yield from self._frames(self._file.done())
        if not ended:
            yield StateChanged(self._step, "stopped", "the recording ends here")

    def _frames(self, step: int) -> Iterator[Event]:
        """Everything measured before step `step` that has not been told: frame by frame."""
        names = self._file.names()
        while self._step < step or self._sampled <= step:
            upto = max(self._step, min(step, self._step + CHUNK))
            points = {
                name: self._file.series(name, self._step, upto)
                if name in PER_STEP
                else self._file.series(name, self._sampled, upto + 1)
                for name in names
            }
            self._step, self._sampled = upto, upto + 1
            yield frame(upto, points)
