"""A run without a screen: events in, diagnosis at every boundary, and an outcome at the end.

`nnlab run` and `nnlab verify` watch through this. Where a finding decides how far the run goes, the engine is led from
boundary to boundary and waits for the diagnosis at each, so that the run ends at the same step on every machine.
"""

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from nnlab.client.feed import Feed
from nnlab.client.live import LiveFeed
from nnlab.diagnosis.attending import Attending, attending
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Diagnosis, Finding
from nnlab.errors import UserError
from nnlab.scenario.load import Loaded
from nnlab.telemetry.history import History
from nnlab.trials.engine import save
from nnlab.trials.ground import Ground, ground
from nnlab.trials.twins import Twins
from nnlab.wire import commands, events
from nnlab.wire.values import RunInfo

Stopped = Literal["steps", "until", "diverged", "interrupted", "guard", "early-stopping"]

POLL = 0.1
"""Seconds between two looks at whether the user wants to stop."""

PATIENCE = 10.0
"""Seconds an engine gets to complete its run file after it was told to stop."""


class EngineError(Exception):
    """The engine died or caught an error of its own; the message is for people."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. `headlined` has the first boundary at which each verdict was the headline.

    `healthy_since` is the boundary from which on the verdict was healthy to the end, -1 if it is not.
    """

    info: RunInfo
    history: History
    diagnosis: Diagnosis | None
    stopped: Stopped
    headlined: dict[str, int]
    healthy_since: int = -1

    @property
    def verdict(self) -> str:
        """The verdict at the end; undecided without a diagnosis."""
        return self.diagnosis.verdict if self.diagnosis else UNDECIDED

    def last(self, series: str) -> float | None:
        """The last value of a series; None if it has none."""
        found = self.history.get(series)
        return found.last if found is not None else None


def train(
    loaded: Loaded,
    until: Callable[[Diagnosis], bool] | None = None,
    interrupted: Callable[[], bool] = lambda: False,
    *,
    device: str = "cpu",
    name: str,
) -> Outcome:
    """Train a scenario, unrecorded, to its end or to the first diagnosis that is accepted; `name` is the client's.

    Raises EngineError, or UserError for what the engine refuses to run.
    """
    feed = LiveFeed.start(loaded, seed=loaded.scenario.seed, device=device, paused=until is not None, name=name)
    try:
        return Watch(feed, until, interrupted).run()
    finally:
        feed.close()


@dataclass
class Watch:
    """One headless run. `until` ends it at the first boundary whose diagnosis it accepts; `tell` sees each event."""

    feed: Feed
    until: Callable[[Diagnosis], bool] | None = None
    interrupted: Callable[[], bool] = lambda: False
    tell: Callable[[events.Event, History, Diagnosis | None], None] = lambda *_: None
    stay: bool = False
    """Leave the engine resting where `until` has accepted a diagnosis."""
    twins: Twins = field(default_factory=Twins)
    """Tell what each knob turn caused; the run ends once they have."""
    _history: History | None = None
    _doctor: Attending[Doctor] | None = None
    _diagnosis: Diagnosis | None = None
    _stopped: Stopped | None = None
    _ended: bool = False
    _guarded: int = -1
    _headlined: dict[str, int] = field(default_factory=dict)
    _healthy_since: int = -1
    _remarked: dict[tuple[str, int], bool] = field(default_factory=dict)

    def run(self) -> Outcome:
        """Watch to the end. Raises EngineError, or UserError for what the engine refuses to run."""
        deadline = math.inf
        while not self._ended and time.monotonic() < deadline:
            if self.interrupted() and self._stopped is None:
                self._stop("interrupted")
            for event in self.feed.poll(POLL):
                self._take(event)
            self.twins.advance(POLL)
            if self._stopped is not None and deadline == math.inf and not self._staying and not self._comparing:
                self._farewell()
                deadline = time.monotonic() + PATIENCE
        while self._comparing:
            time.sleep(POLL)
            self.twins.advance(POLL)
        return self._outcome()

    def go_on(self, steps: int, orders: Sequence[commands.Command] = ()) -> Outcome:
        """Have an engine that was left resting obey, train `steps` steps, and watch on as before."""
        self._stopped, self._ended = None, False
        for order in (*orders, commands.Run(steps)):
            self.feed.send(order)
        return self.run()

    def ground(self, loaded: Loaded, body: Path) -> Ground:
        """What forks need of a run that was left resting; its state goes into the file `body`. Raises UserError."""
        assert self._history is not None
        assert self._doctor is not None
        for event in save(self.feed, body):
            self._take(event)
        return ground(loaded, loaded.scenario.seed, body, self._history, self._doctor, self._diagnosis)

    @property
    def _staying(self) -> bool:
        """Whether the engine goes to its next rest and stays there."""
        return self.stay and self._stopped == "until"

    @property
    def _comparing(self) -> bool:
        """Whether a twin has still to come as far as the run."""
        return self.twins.busy and self._stopped != "interrupted" and not self.interrupted()

    def _take(self, event: events.Event) -> None:
        match event:
            case events.RunStarted(info):
                self._history, self._doctor = History(info), attending(info)
                self.twins.begin(info)
            case events.Rewound():
                self._look_again()
            case events.RunFailed() | events.EngineLost():
                self._fail(event)
        if self._history is None or self._doctor is None:
            return
        self.twins.hear(event, self._history, self._doctor)
        for _ in self._history.feed(event):
            self._judge(self._doctor.look(self._history))
        if isinstance(event, events.Marked) and event.kind == "guard":
            self._guarded = event.step
        if isinstance(event, events.StateChanged):
            self._follow(event)
        self.tell(event, self._history, self._diagnosis)

    def _look_again(self) -> None:
        """The run is elsewhere on its lines; its boundaries are told again from the first."""
        self._diagnosis, self._guarded = None, -1
        self._headlined.clear()
        self._healthy_since = -1

    def _judge(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis
        self.twins.judged(diagnosis)
        self._headlined.setdefault(diagnosis.verdict, diagnosis.step)
        if diagnosis.verdict not in HEALTHY:
            self._healthy_since = -1
        elif self._healthy_since < 0:
            self._healthy_since = diagnosis.step
        for finding in diagnosis.ever:
            self._remark(finding, diagnosis.step)
        if self.until is not None and self._stopped is None and self.until(diagnosis):
            self._stop("until")

    def _remark(self, finding: Finding, step: int) -> None:
        """Have the run file say when a finding first stood and when it cleared."""
        key, cleared = (finding.mode, finding.detected_step), finding.cleared_step is not None
        if self._remarked.get(key) != cleared and self._stopped is None:
            self._remarked[key] = cleared
            self.feed.send(commands.Remark("finding", json.dumps(asdict(finding)), step))

    def _follow(self, event: events.StateChanged) -> None:
        """What a headless run does when the state of the engine changes."""
        if event.state in ("stopped", "failed"):
            self._ended = True
            self._stopped = self._stopped or "guard"
        elif self._stopped is not None:
            self._ended = self._staying and event.state in ("paused", "finished")
        elif event.state == "finished":
            self._stop(self._end_of(event))
        elif event.state == "paused":
            if event.step == self._guarded:
                self._stop("guard")
            elif self.until is not None:
                self._lead(event.step)
            else:
                self.feed.send(commands.Resume())

    def _end_of(self, event: events.StateChanged) -> Stopped:
        """Why a run finished."""
        if event.step == self._guarded:
            return "guard"
        planned = self._history.info.planned_steps if self._history else 0
        return "early-stopping" if event.step < planned else "steps"

    def _lead(self, step: int) -> None:
        """Let the engine go on to the next boundary; one step past it where the boundary is not complete yet."""
        if self._history is None:
            return
        every, planned = self._history.info.diagnose_every, self._history.info.planned_steps
        steps = 1 if 0 < step != self._history.boundary and not step % every else every - step % every
        self.feed.send(commands.Run(min(steps, planned - step) if step < planned else steps))

    def _stop(self, reason: Stopped) -> None:
        self._stopped = reason
        if self._history is not None:
            self.twins.over(self._history.step)

    def _farewell(self) -> None:
        """The verdict for the run file, and the end of the engine."""
        if self._diagnosis is not None:
            self.feed.send(commands.Remark("verdict", self._diagnosis.verdict, self._diagnosis.step))
        self.feed.send(commands.Stop())

    def _fail(self, event: events.RunFailed | events.EngineLost) -> None:
        """Raise what people should read."""
        if self._stopped == "interrupted" and isinstance(event, events.EngineLost):
            self._ended = True
            return
        if isinstance(event, events.RunFailed):
            if "No module named 'torch'" in event.error:
                raise UserError("torch is not installed for this Python; install it with: pip install torch")
            if not event.traceback:
                raise UserError(event.error)
            raise EngineError(f"the engine failed at step {event.step}: {event.error}\n{event.traceback}".rstrip())
        if "No module named 'torch'" in event.log:
            raise UserError("torch is not installed for this Python; install it with: pip install torch")
        code = "" if event.code is None else f" (exit status {event.code})"
        raise EngineError(f"the engine was lost{code}; the end of its log:\n{event.log.strip() or '(empty)'}")

    def _outcome(self) -> Outcome:
        if self._history is None:
            if self._stopped == "interrupted":
                raise KeyboardInterrupt
            raise EngineError("the engine ended before the run began")
        stopped = self._stopped or "interrupted"
        found = self._history.get("train/loss")
        if stopped in ("steps", "guard", "early-stopping") and found is not None and not math.isfinite(found.last):
            stopped = "diverged"
        return Outcome(
            self._history.info, self._history, self._diagnosis, stopped, self._headlined, self._healthy_since
        )
