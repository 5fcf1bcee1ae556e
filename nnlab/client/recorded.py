"""A run file as a feed: the run is told again as the engine told it."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from nnlab.runs import retell
from nnlab.runs.reader import RunFile
from nnlab.wire.commands import Command, Inspect, Turn
from nnlab.wire.events import Event, Frame, InspectionRefused, KnobRefused, RunFailed, StateChanged

_ENDS = ("finished", "stopped", "failed")


class RecordedFeed:
    """Tells a recorded run from its start, a few frames at each poll. Raises RunFileError if the file cannot be read.

    An event about step S comes after all that was measured before step S, as with a live engine, so a doctor comes to
    the same findings at the same steps. A recording that ends without a farewell (its engine was killed) ends with the
    state `stopped`.
    """

    def __init__(self, path: str | Path, frames_per_poll: int = 8, *, whole: bool = False) -> None:
        """`whole` tells every branch (see `nnlab.runs.retell.tree`) and not only the current line."""
        self._file = RunFile(path)
        self._told = self._tell(whole)
        self._frames_per_poll = frames_per_poll
        self._answers: deque[Event] = deque()
        self._step = 0
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
            self._step = event.step if isinstance(event, Frame) else self._step
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

    def _tell(self, whole: bool) -> Iterator[Event]:
        ended = False
        for event in retell.tree(self._file) if whole else retell.line(self._file):
            if isinstance(event, RunFailed | StateChanged):
                ended = isinstance(event, RunFailed) or event.state in _ENDS
            yield event
        if not ended:
            yield StateChanged(self._file.done(), "stopped", "the recording ends here")
