"""One run: its training, instruments, knobs, script and guard, from step 0 to its end."""

import contextlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import torch

from nnlab.engine import capture
from nnlab.engine.build import Plan
from nnlab.engine.change import drift_begins
from nnlab.engine.course import Course
from nnlab.engine.dials import Dials
from nnlab.engine.guard import Watchman
from nnlab.engine.inspections.inspect import inspect
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.measuring import Measuring
from nnlab.engine.patience import Patience
from nnlab.engine.script import Script
from nnlab.engine.server import Client
from nnlab.engine.shelf import Shelf
from nnlab.engine.state import State, to_body
from nnlab.engine.time_machine import NoSuchPlaceError, TimeMachine
from nnlab.engine.tree import Entry, Tree
from nnlab.scenario.scenario import Scenario
from nnlab.wire.commands import Inspect, Save
from nnlab.wire.events import KnobRefused, KnobTurned, Marked, Refused, RunFailed, Saved, StateChanged
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
        self._until = plan.planned_steps
        self._seconds = self._counted = 0.0
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
        self._measure_due()
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

    def inspect(self, client: Client, request: Inspect) -> None:
        """Show a client what it asked to see."""
        self.frame()
        self.logbook.answer(client, inspect(self.training, request))

    def save(self, client: Client, request: Save) -> None:
        """Write the state to a file for a client, who has been told everything up to there."""
        self.frame()
        step, error = self.step, ""
        try:
            kept = self.time.nearest(request.step) if request.step >= 0 else None
            Path(request.path).write_bytes(kept.body if kept else to_body(self.capture()))
            step = kept.step if kept else step
        except OSError as problem:
            error = f"{request.path}: {problem.strerror or problem}"
        except NoSuchPlaceError as problem:
            error = str(problem)
        self.logbook.answer(client, Saved(step, request.id, error))

    def reorder(self, seed: int) -> None:
        """Draw batches (and dropout) from another seed from the next step on; parameters and data stay."""
        self.training.task.batches.reorder(seed)
        torch.manual_seed(seed)

    def remark(self, kind: str, text: str, step: int) -> None:
        """Write a note or finding into the journal, about this step or an earlier one."""
        about = self.step if step < 0 else min(step, self.time.tree.tips[self.time.branch].step)
        self.mark(kind if kind in REMARKS else "note", text, about)

    def snapshot(self, text: str) -> None:
        """Keep the state as it is."""
        self.time.keep("request")
        self.mark("snapshot", text)

    def travel(self, action: str, journey: Callable[[], None]) -> bool:
        """Go elsewhere in time; a run that had finished rests there. Where that cannot be, everyone is told why."""
        try:
            journey()
        except NoSuchPlaceError as error:
            self.logbook.refuse(Refused(self.step, action, str(error)))
            return False
        if self.state != "running" or self.step >= self._until:
            self._set_state("paused", "")
        return True

    def name_branch(self, branch: int, name: str) -> None:
        """Call a branch something; everyone is told why where there is no such branch."""
        try:
            self.time.name(branch, name)
        except NoSuchPlaceError as error:
            self.logbook.refuse(Refused(self.step, "name a branch", str(error)))

    def show(self) -> None:
        """Send what has been measured, if it has waited long enough."""
        if self.logbook.due(time.perf_counter()):
            self.frame()

    def frame(self) -> None:
        """Send and record all scalars so far."""
        if self.state == "running":
            now = time.perf_counter()
            self._seconds += now - self._counted
            self._counted = now
        self.logbook.frame(self.step, self._seconds)

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

    # --- for the time machine ------------------------------------------------------------------------------------

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

    def capture(self) -> State:
        """Everything that the next steps depend on; tensors are not copied."""
        live = {"dials": self._dials.state(), "phase": self.course.phase}
        return capture.capture(self.training, self._instruments, self.logbook, self._patience, live)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.course.place(state["live"]["phase"])
        parts = self.training, self._instruments, self.logbook, self._patience
        live = capture.restore(state, *parts, self.course.source)
        self._dials.restore(live["dials"])
        self.script.look_again()

    # -------------------------------------------------------------------------------------------------------------

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

    def _measure_due(self) -> None:
        loss = self._measuring.due(self.step)
        if self._patience and loss is not None and self._patience.exhausted(loss, self.step) and not self.logbook.known:
            self._until = self.step

    def _read_all(self, kind: str, text: str) -> None:
        """Take all readings at this step, for once, and say so."""
        self.frame()
        logbook, known = self.logbook, self.logbook.known
        logbook.branch, logbook.known = self.time.tree.owner(self.time.branch, self.step), False
        self._measuring.everything(self.step)
        self.frame()
        logbook.branch, logbook.known = self.time.branch, known
        self.mark(kind, text)

    def _set_state(self, state: RunState, reason: str) -> None:
        self.frame()
        self.state = state
        self._counted = time.perf_counter()
        self.logbook.tell(StateChanged(self.step, state, reason))
