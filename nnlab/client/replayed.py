"""A run file as a feed that plays: paused, slowed down, gone back in, as if the run were going on now."""

import time
from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from nnlab.runs import retell
from nnlab.runs.reader import RunFile
from nnlab.wire import commands, events
from nnlab.wire.values import PER_STEP

PLAYED_IN = 30.0
"""Seconds in which a recording is played where no pace is given."""

STEPS_AT_ONCE = 4096
"""Steps told at one poll at full speed."""

ENDLESS = 2**62

RECORDED = "this is a recording; open its scenario to change anything"

STEERING = {
    commands.Switch: "switch",
    commands.Undo: "undo",
    commands.Redo: "redo",
    commands.Snapshot: "snapshot",
    commands.NameBranch: "name a branch",
}
"""Commands that only a live run can carry out, by what a refusal calls them."""


class ReplayedFeed:
    """Plays the current line of a run file. Raises RunFileError if the file cannot be read.

    It tells the events of the recording in their order, frames cut to the pace, so a doctor comes to the same findings.
    At the end the state is `finished`; `Resume` then plays it from the start. `clock` gives seconds that never go back.
    """

    def __init__(
        self, path: str | Path, pace: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`pace` in steps a second, 0 for full speed, None for the whole in `PLAYED_IN` seconds."""
        self._file = RunFile(path)
        self.info = replace(self._file.info, run_file=str(self._file.path.absolute()))
        """What is known of the run; its file is the one that is played, wherever it was recorded."""
        self.pace = max(1.0, round(self._file.done() / PLAYED_IN)) if pace is None else pace
        self._clock = clock
        self._played, self._due, self._now = 0.0, 0.0, clock()
        self._answers: deque[events.Event] = deque()
        self._begin()

    def _begin(self) -> None:
        """Stand at the start."""
        self._told: Iterator[events.Event] = retell.line(self._file)
        next(self._told)
        self._next: events.Event | None = events.RunStarted(self.info)
        self._told_to, self._stop, self._playing, self._over = -1, ENDLESS, True, False

    @property
    def _step(self) -> int:
        """Steps done; what was measured before the first may still be untold."""
        return max(self._told_to, 0)

    # --- events out ----------------------------------------------------------------------------------------------

    def poll(self, timeout: float) -> list[events.Event]:
        """What is due by now, and answers; never waits."""
        now, before = self._clock(), self._now
        self._now = now
        found: list[events.Event] = list(self._answers)
        self._answers.clear()
        if self._playing:
            self._played += now - before
            self._due += (now - before) * self.pace
            steps = int(self._due) if self.pace else STEPS_AT_ONCE
            self._due -= int(self._due)
            found += self._tell(min(self._step + steps, self._stop))
            if self._playing and self._step >= self._stop:
                found += self._rest()
        return found

    def _tell(self, step: int) -> list[events.Event]:
        """All that had happened when `step` steps were done."""
        found: list[events.Event] = []
        while (event := self._next) is not None:
            if isinstance(event, events.Frame):
                if event.step > step:
                    if step > self._told_to:
                        told, self._next = cut(event, step)
                        found.append(self._timed(told))
                        self._told_to = step
                    return found
                found.append(self._timed(event))
                self._told_to = event.step
            elif isinstance(event, events.StateChanged | events.RunFailed):
                state = "failed" if isinstance(event, events.RunFailed) else event.state
                going = events.StateChanged(event.step, "running")
                found += [events.StateChanged(event.step, state), going]
            else:
                found.append(event)
            self._next = next(self._told, None)
        self._playing, self._over = False, True
        return [*found, events.StateChanged(self._step, "finished", "the recording ends here")]

    def _timed(self, frame: events.Frame) -> events.Frame:
        return replace(frame, seconds=self._played, steps_per_second=self.pace)

    def _rest(self) -> list[events.Event]:
        self._playing, self._stop = False, ENDLESS
        return [events.StateChanged(self._step, "paused")]

    def _go_on(self, stop: int = ENDLESS) -> None:
        self._playing, self._stop, self._due = True, stop, 0.0
        self._answers.append(events.StateChanged(self._step, "running"))

    # --- commands in ---------------------------------------------------------------------------------------------

    def send(self, command: commands.Command) -> None:
        """Playing follows; what would change the run is refused; everything else passes over."""
        match command:
            case commands.Pause() if self._playing:
                self._answers += self._rest()
            case commands.Resume() if self._over:
                self._begin()
            case commands.Resume() if not self._playing:
                self._go_on()
            case commands.Run(steps) if not self._over:
                self._go_on(self._step + steps)
            case commands.Restart():
                self._begin()
            case commands.Pace(steps_per_second):
                self.pace, self._due = steps_per_second, 0.0
            case commands.Rewind(step):
                self._rewind(step)
            case commands.Hello():
                self._tell_again()
            case commands.Turn(knob, value, serial):
                self._answers.append(events.KnobRefused(self._step, knob, value, RECORDED, serial))
            case commands.Inspect(what, serial):
                reason = "a recording keeps the series and not the model; a step under the cursor (c, ←) is done again"
                self._answers.append(events.InspectionRefused(self._step, what, reason, serial))
            case _ if type(command) in STEERING:
                self._answers.append(events.Refused(self._step, STEERING[type(command)], RECORDED))
            case _:
                pass

    def _rewind(self, step: int) -> None:
        """Go back to a step that has been told, and play on from there, or wait there if it is paused."""
        if not 0 <= step <= self._told_to:
            reason = f"cannot go to step {step}: the recording has been played from step 0 to step {self._step}"
            self._answers.append(events.Refused(self._step, "rewind", reason))
            return
        playing = self._playing or self._over
        self._begin()
        self._skip(step)
        self._told_to, self._playing = step, playing
        self._answers += [events.Rewound(step, 0), events.StateChanged(step, "running" if playing else "paused")]

    def _skip(self, step: int) -> None:
        """Pass over what the watcher of a run that is rewound to `step` still knows."""
        while (event := self._next) is not None:
            if isinstance(event, events.Frame) and event.step > step:
                self._next = cut(event, step)[1]
                return
            if isinstance(event, events.KnobTurned | events.Marked) and event.step >= step:
                return
            self._next = next(self._told, None)

    def _tell_again(self) -> None:
        """Everything up to where it stands, at once."""
        step, playing, over = self._told_to, self._playing, self._over
        self._begin()
        self._answers += self._tell(step)
        self._playing, self._over = playing, over

    def close(self) -> None:
        """Close the file."""
        self._told, self._next, self._playing = iter(()), None, False
        self._file.close()


def cut(frame: events.Frame, step: int) -> tuple[events.Frame, events.Frame]:
    """A frame as two: what had been measured when `step` steps were done, and the rest."""
    ends = [
        (bisect_left if name in PER_STEP else bisect_right)(steps, step)
        for name, steps in zip(frame.series, frame.steps, strict=True)
    ]
    return (
        _part(frame, step, [slice(0, end) for end in ends]),
        _part(frame, frame.step, [slice(end, None) for end in ends]),
    )


def _part(frame: events.Frame, step: int, parts: list[slice]) -> events.Frame:
    steps = tuple(array("q", column[part]) for column, part in zip(frame.steps, parts, strict=True))
    values = tuple(array("d", column[part]) for column, part in zip(frame.values, parts, strict=True))
    return replace(frame, step=step, steps=steps, values=values)
