"""The lab loop: between two steps it obeys, follows the script and measures; then it trains one step.

Everything that can change a run happens here, in one place, at a known step: a run is its scenario, its seed and the
journal of its commands.
"""

import itertools
import math
import os
import queue
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from nnlab.engine.begin import begin
from nnlab.engine.run import Run
from nnlab.engine.server import Client, Server
from nnlab.engine.showing import show
from nnlab.engine.spec import Spec
from nnlab.wire.commands import (
    Command,
    Evaluate,
    Hello,
    Inspect,
    NameBranch,
    Pace,
    Pause,
    Redo,
    Remark,
    Restart,
    Resume,
    Rewind,
    Save,
    Snapshot,
    Stop,
    Switch,
    Turn,
    Undo,
)
from nnlab.wire.commands import Run as RunSteps
from nnlab.wire.events import Marked

NAP_SECONDS = 0.2
"""How often a waiting engine looks whether it should end."""
SOURCES = ("user", "remedy", "guard")
"""For whom a client may turn knobs; the script is the engine's own."""


class Lab:
    """Owns the current run and serves its clients until told to stop."""

    def __init__(self, spec: Spec, server: Server) -> None:
        """Build the first run. Raises UserError for a scenario or data that cannot be run."""
        self._spec = spec
        self._server = server
        self._pace = spec.pace
        self._next_step_at = 0.0
        self._stopping = False
        self._idle_since: float | None = None
        self._begun = time.monotonic()
        self.run: Run = begin(spec, server)
        if spec.paused:
            self.run.pause()
        else:
            self.run.resume()

    def serve(self) -> None:
        """Train and answer until Stop, or until nobody needs this engine any more."""
        inbox = self._server.inbox
        while not self._stopping:
            while not inbox.empty() and not self._stopping:
                self._obey(*inbox.get())
            if self._stopping:
                break
            if self._spec.leashed and self._left():
                break
            if self.run.endless and not self._server.watched:
                self.run.pause("nobody watches this run, which has no end of its own")
            if self.run.state == "running":
                self._idle_since = None
                self._train()
            else:
                self._wait()
        self.run.end("stopped")

    def _left(self) -> bool:
        """Whether the client that this engine works for has gone, or has not come at all."""
        if self._spec.parent and os.getppid() != self._spec.parent:
            return True
        if self._server.watched:
            return False
        return self._server.met or time.monotonic() - self._begun > self._spec.idle_seconds

    def stop(self, *_: object) -> None:
        """Ask the loop to end after the step under way (also as a signal handler)."""
        self._stopping = True

    def _train(self) -> None:
        if self._pace:
            delay = self._next_step_at - time.perf_counter()
            if delay > 0.0:
                self.run.show()
                time.sleep(min(delay, 0.02))
                return
            self._next_step_at = max(self._next_step_at, time.perf_counter() - 0.1) + 1.0 / self._pace
        self.run.advance()

    def _wait(self) -> None:
        now = time.monotonic()
        if self._server.watched or self._idle_since is None:
            self._idle_since = now
        elif now - self._idle_since >= self._spec.idle_seconds:
            self._stopping = True
        try:
            client, command = self._server.inbox.get(timeout=NAP_SECONDS)
        except queue.Empty:
            return
        self._obey(client, command)

    def _obey(self, client: Client, command: Command) -> None:
        run = self.run
        match command:
            case Hello():
                run.frame()
                run.logbook.greet(client, run.time.standing)
            case Turn():
                source = command.source if command.source in SOURCES else "user"
                run.turn(command.knob, command.value, source, command.id)
            case Pause():
                run.pause()
            case Resume():
                run.resume()
            case RunSteps(steps):
                run.resume(max(1, steps))
            case Restart(keep_knobs):
                self._restart(keep_knobs)
            case Evaluate():
                run.evaluate()
            case Inspect() | Save():
                show(run, client, command)
            case Pace(steps_per_second):
                self._set_pace(steps_per_second)
            case Remark(kind, text, step):
                run.remark(kind, text, step)
            case Stop():
                self._stopping = True
            case _:
                self._travel(command)

    def _travel(self, command: Command) -> None:
        """What goes back and forth in time."""
        run, machine = self.run, self.run.time
        match command:
            case Snapshot(text):
                run.snapshot(text)
            case Rewind(step):
                run.travel("rewind", partial(machine.rewind, step))
            case Switch(branch, step):
                run.travel("switch", partial(machine.switch, branch, step))
            case Undo():
                run.travel("undo", machine.undo)
            case Redo():
                run.travel("redo", machine.redo)
            case NameBranch(branch, name):
                run.attempt("name a branch", partial(machine.name, branch, name))

    def _set_pace(self, steps_per_second: float) -> None:
        self._pace = steps_per_second if math.isfinite(steps_per_second) and steps_per_second > 0 else 0.0
        self._next_step_at = 0.0
        text = f"{self._pace:g} steps a second" if self._pace else "full speed"
        self.run.frame()
        self.run.logbook.tell(Marked(self.run.step, "pace", text))

    def _restart(self, keep_knobs: bool) -> None:
        kept = {spec.id: self.run.knobs[spec.id] for spec in self.run.info.knobs} if keep_knobs else {}
        self.run.end("stopped")
        self.run = begin(replace(self._spec, record=_next_to(self._spec.record), resume=False), self._server)
        for knob, value in kept.items():
            if self.run.knobs[knob] != value:
                self.run.turn(knob, value, "user", 0)
        self.run.resume()


def _next_to(record: str) -> str:
    """A free name for the run file of a restarted run: name-2, name-3, …; "" where nothing is recorded."""
    if not record:
        return ""
    first = Path(record)
    names = (first.with_stem(f"{first.stem}-{number}") for number in itertools.count(2))
    return str(next(name for name in names if not name.exists()))
