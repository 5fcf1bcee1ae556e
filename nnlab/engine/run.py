"""One run: its training, instruments, knobs, script and guard, from step 0 to its end."""

import contextlib
import time
from collections.abc import Callable, Mapping

from nnlab.engine.build import Plan
from nnlab.engine.change import drift_begins
from nnlab.engine.clock import Clock
from nnlab.engine.course import Course
from nnlab.engine.dials import Dials
from nnlab.engine.guard import Watchman
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.measuring import Measuring
from nnlab.engine.parts import Parts
from nnlab.engine.patience import Patience
from nnlab.engine.script import Script
from nnlab.engine.shelf import Shelf
from nnlab.engine.state import State
from nnlab.engine.time_machine import NoSuchPlaceError, TimeMachine
from nnlab.engine.tree import Entry, Tree
from nnlab.scenario.scenario import Scenario
from nnlab.wire.events import KnobRefused, KnobTurned, Marked, Refused, RunFailed, StateChanged
from nnlab.wire.values import KnobValue, RunInfo, RunState

REMARKS = frozenset({"note", "finding", "verdict", "test", "trial", "effect"})
"""Kinds of remarks; the journal's other kinds are the engine's own."""

ENDLESS = 2**62
"""The step at which a run ends that goes on past its plan."""


class Run:
    """Advances one training step by step; every change is told with the step at which it took hold."""

    def __init__(
        self, scenario: Scenario, plan: Plan, info: RunInfo, instruments: Instruments, logbook: Logbook, tree: Tree,
        shelf: Shelf,
    ) -> None:  # fmt: skip
        """Ready for its first step, warming."""
        self.info = info
        self.logbook = logbook
        self.state: RunState = "warming"
        self.training = plan.training
        self.script = Script(scenario.script, plan.steps_per_epoch)
        self.plan = plan
        self._instruments = instruments
        self._dials = Dials(plan.training, scenario)
        self._measuring = Measuring(instruments, logbook, self._dials)
        self.course = Course(plan)
        self._watchman = Watchman(scenario.guard)
        self._patience = Patience(scenario.train.early_stopping) if scenario.train.early_stopping else None
        self.parts = Parts(plan.training, instruments, logbook, self._patience, self._dials, self.course)
        self._until = plan.planned_steps
        self._clock = Clock()
        self.time = TimeMachine(self, tree, shelf)

    @property
    def step(self) -> int:
        """Steps done."""
        return self.training.step

    @property
    def knobs(self) -> Mapping[str, KnobValue]:
        """What each knob holds."""
        return self._dials.values

    @property
    def endless(self) -> bool:
        """Whether it trains on past its plan until someone says stop."""
        return self._until == ENDLESS

    def advance(self) -> None:
        """Follow line and script, train one step, measure what is due; finish when the steps are done."""
        self.time.arrive()
        if not self.script.follow(self):
            return
        self.one_step()
        if self._watchman.awake and not self.logbook.known:
            self._watchman.look(self)
        if self.step >= self._until and self.state == "running":
            self.finish("")
        else:
            self.show()

    def one_step(self) -> None:
        """Train one step and measure what is due."""
        if self._patience and self._patience.done:
            self._patience.renew()
        self.time.stepping()
        around = self._instruments.due_around()
        if around:
            self._instruments.before_step()
        if self.training.ring.full:
            self.logbook.collect()
        self.training.one_step()
        if around:
            self.logbook.read(self.step, self._instruments.after_step())
        loss = self._measuring.due(self.step)
        if self._patience and loss is not None and self._patience.exhausted(loss, self.step) and not self.logbook.known:
            self._until = self.step
        self.time.stepped()

    def resume(self, steps: int | None = None) -> None:
        """Train on: to the planned end, for `steps` more steps, or without end once the plan is done."""
        if steps is not None:
            self._until = self.step + steps
        elif self.step >= self.plan.planned_steps:
            self._until = ENDLESS
        else:
            self._until = self.plan.planned_steps
        self.logbook.restart_clock(self.step)
        self._set_state("running", "")

    def pause(self, reason: str = "") -> None:
        """Stop between two steps."""
        if self.state in ("warming", "running"):
            self._set_state("paused", reason)

    def turn(self, knob: str, value: KnobValue, source: str, request: int) -> None:
        """Set a knob, or say why not."""
        self.frame()
        try:
            applied = self._dials.accept(knob, value)
        except ValueError as error:
            self.logbook.tell(KnobRefused(self.step, knob, value, str(error), request))
            return
        self.time.change(f"{knob} {applied:g}" if isinstance(applied, float) else f"{knob} {applied}")
        old = self.knobs[knob]
        self._dials.turn(knob, applied)
        self.time.tell(KnobTurned(self.step, knob, old, applied, value, source, request))

    def evaluate(self) -> None:
        """Take all readings now; a series that has its reading at this step already keeps that one."""
        self._read_all("evaluate", "evaluated on request")

    def remark(self, kind: str, text: str, step: int) -> None:
        """Write a note or finding into the journal, about this step or an earlier one."""
        about = self.step if step < 0 else min(step, self.time.tree.tips[self.time.branch].step)
        self.mark(kind if kind in REMARKS else "note", text, about)

    def snapshot(self, text: str) -> None:
        """Keep the state as it is."""
        self.time.keep("request")
        self.mark("snapshot", text)

    def travel(self, action: str, journey: Callable[[], None]) -> bool:
        """Go elsewhere in time, if that can be; a run that had finished rests there."""
        there = self.attempt(action, journey)
        if there and (self.state != "running" or self.step >= self._until):
            self._set_state("paused", "")
        return there

    def attempt(self, action: str, deed: Callable[[], None]) -> bool:
        """Have the time machine do something. Where there is no such place, everyone is told so."""
        try:
            deed()
        except NoSuchPlaceError as error:
            self.logbook.refuse(Refused(self.step, action, str(error)))
            return False
        return True

    def show(self) -> None:
        """Send what has been measured, if it has waited long enough."""
        if self.logbook.due(time.perf_counter()):
            self.frame()

    def frame(self) -> None:
        """Send and record all scalars so far."""
        self.logbook.frame(self.step, self._clock.seconds)

    def finish(self, reason: str) -> None:
        """Take the last readings and stay, answering; a limited run only pauses."""
        stopped_early = self._patience is not None and self._patience.done and not reason
        if self.step < self.plan.planned_steps and not reason and not stopped_early:
            self.frame()
            self._set_state("paused", "")
            return
        if self.logbook.known:
            self.time.retell()
        elif self._instruments.probing:
            self._read_all("readings", "")
        if self._patience and stopped_early:
            reason = self._patience.stop(self)
        self._set_state("finished", reason)

    def mark(self, kind: str, text: str, about: int = -1) -> None:
        """Say something about this step, or an earlier one."""
        self.time.tell(Marked(self.step if about < 0 else about, kind, text))

    def end(self, state: RunState) -> None:
        """Complete the run file; nothing follows."""
        if self.state != state:
            self._set_state(state, "")
        self.logbook.close()

    def fail(self, event: RunFailed) -> None:
        """Complete the run file of a run that an error has ended."""
        with contextlib.suppress(RuntimeError):  # a device that is broken cannot be read any more
            self.frame()
        self.logbook.close(event)

    def repeat(self, entry: Entry) -> None:
        """Do again what an entry of a line did."""
        if isinstance(entry, KnobTurned):
            self._dials.turn(entry.knob, entry.new)
        elif entry.kind == "phase":
            self.course.enter(entry.step)
        elif entry.kind == "drift":
            drift_begins(self.training)
        elif entry.kind in ("evaluate", "readings"):
            self._measuring.everything(self.step)
            self.frame()

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.parts.restore(state)
        self.script.look_again()

    def _read_all(self, kind: str, text: str) -> None:
        """Take all readings at this step, for once, and say so."""
        with self.time.afresh():
            self._measuring.everything(self.step)
        self.mark(kind, text)

    def _set_state(self, state: RunState, reason: str) -> None:
        self.frame()
        self.state = state
        self._clock.run(state == "running")
        self.logbook.tell(StateChanged(self.step, state, reason))
