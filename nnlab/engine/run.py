"""One run: its training, instruments, knobs, script and guard, from step 0 to its end."""

import contextlib
import math
import time
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from nnlab.engine.build import Plan
from nnlab.engine.change import drift_begins, move_on
from nnlab.engine.dials import Dials
from nnlab.engine.generations import GenerationBatches
from nnlab.engine.inspections.inspect import inspect
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.patience import Patience
from nnlab.engine.probes.layers import Measured
from nnlab.engine.server import Client
from nnlab.engine.streams import StreamBatches
from nnlab.scenario.knobs import Knob, accept, knobs
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Intervention
from nnlab.wire.commands import Inspect
from nnlab.wire.events import KnobRefused, KnobTurned, Marked, RunFailed, StateChanged
from nnlab.wire.values import KnobValue, RunInfo, RunState

REMARKS = frozenset({"note", "finding", "verdict"})
"""Kinds of remarks; the journal's other kinds are the engine's own."""

ENDLESS = 2**62
"""The step at which a run ends that goes on past its plan."""


class Run:
    """Advances one training step by step; every change is told with the step at which it took hold."""

    def __init__(
        self, scenario: Scenario, plan: Plan, info: RunInfo, instruments: Instruments, logbook: Logbook
    ) -> None:
        """Ready for its first step, warming."""
        self.info = info
        self.logbook = logbook
        self.state: RunState = "warming"
        self._scenario = scenario
        self._plan = plan
        self._training = plan.training
        self._instruments = instruments
        self._dials = Dials(plan.training, scenario)
        self._accepted: dict[str, Knob] = {knob.id: knob for knob in knobs(scenario)}
        self.knobs: dict[str, KnobValue] = {knob.id: knob.value for knob in self._accepted.values()}
        self._script = _by_step(scenario.script, plan.steps_per_epoch)
        self._phases = {phase.step: phase for phase in plan.phases}
        self._guarded = scenario.guard.on_nonfinite != "continue" or scenario.guard.grad_norm_ceiling is not None
        self._patience = Patience(scenario.train.early_stopping) if scenario.train.early_stopping else None
        self._until = plan.planned_steps
        self._arrived = -1
        self._seconds = self._counted = 0.0

    @property
    def step(self) -> int:
        """Steps done."""
        return self._training.step

    @property
    def endless(self) -> bool:
        """Whether it trains on past its plan until someone says stop."""
        return self._until == ENDLESS

    def advance(self) -> None:
        """Follow the script, train one step, measure what is due; finish when the steps are done."""
        if self._arrived != self.step:
            self._arrived = self.step
            self._arrive()
            if self.state != "running":
                return
        around = self._instruments.due_around()
        if around:
            self._instruments.before_step()
        if self._training.ring.full:
            self.logbook.collect()
        self._training.one_step()
        if around:
            self.logbook.read(self.step, self._instruments.after_step())
        self._measure_due()
        if self._guarded:
            self._guard()
        if self.step >= self._until and self.state == "running":
            self._finish("")
        else:
            self.show()

    def resume(self, steps: int | None = None) -> None:
        """Train on: to the planned end, for `steps` more steps, or without end once the plan is done."""
        if self._patience and self._patience.done:
            self._patience.renew()
        if steps is not None:
            self._until = self.step + steps
        elif self.step >= self._plan.planned_steps:
            self._until = ENDLESS
        else:
            self._until = self._plan.planned_steps
        self.logbook.restart_clock(self.step)
        self._set_state("running", "")

    def pause(self, reason: str = "") -> None:
        """Stop between two steps."""
        if self.state in ("warming", "running"):
            self._set_state("paused", reason)

    def turn(self, knob: str, value: KnobValue, source: str, request: int) -> None:
        """Set a knob, or say why not."""
        self.frame()
        known = self._accepted.get(knob)
        try:
            if known is None:
                raise ValueError(f"this scenario has no knob {knob}; it has {', '.join(self._accepted)}")
            applied = accept(known, value)
        except ValueError as error:
            self.logbook.tell(KnobRefused(self.step, knob, value, str(error), request))
            return
        old = self.knobs[knob]
        self._dials.turn(knob, applied)
        self.knobs[knob] = applied
        self.logbook.tell(KnobTurned(self.step, knob, old, applied, value, source, request))

    def evaluate(self) -> None:
        """Take all readings now; a series that has its reading at this step already keeps that one."""
        self.logbook.read(self.step, self._readings(True, True))
        self._mark("evaluate", "evaluated on request")

    def inspect(self, client: Client, request: Inspect) -> None:
        """Show a client what it asked to see."""
        self.frame()
        self.logbook.answer(client, inspect(self._training, request))

    def remark(self, kind: str, text: str, step: int) -> None:
        """Write a note or finding into the journal, about this step or an earlier one."""
        about = self.step if step < 0 else min(step, self.step)
        self._mark(kind if kind in REMARKS else "note", text, about)

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

    def _arrive(self) -> None:
        """What the plan holds for this step: phases of the data, onset of drift, script."""
        phase = self._phases.get(self.step)
        if phase is not None:
            move_on(self._training, phase.source)
            self._mark("phase", phase.text)
            for knob, value in phase.knobs.items():
                self.turn(knob, value, "script", 0)
        for kind, text in _news(self._training.task.batches, self.step):
            self._mark(kind, text)
            if kind == "drift":
                drift_begins(self._training)
        for intervention in self._script.get(self.step, ()):
            for knob, value in intervention.set.items():
                self.turn(knob, value, "script", 0)
            if intervention.action == "pause":
                self.pause(intervention.text or "the script pauses here")
            elif intervention.text:
                self._mark("note", intervention.text)

    def _measure_due(self) -> None:
        probe, evaluate = self._instruments.due()
        generation = self._instruments.generation()
        if not probe and not evaluate and not generation:
            return
        measured = generation | self._readings(probe, evaluate)
        self.logbook.read(self.step, measured)
        if self._patience and "val/loss" in measured and self._patience.exhausted(float(measured["val/loss"])):
            self._until = self.step

    def _readings(self, probe: bool, evaluate: bool) -> Measured:
        measured: Measured = {}
        if probe:
            measured |= self._instruments.probe()
        if evaluate:
            losses = np.frombuffer(self.logbook.take_losses())
            measured |= self._instruments.evaluate(self._dials.eval_dropout, losses)
        return measured

    def _guard(self) -> None:
        """Pause or stop the step in which a guard's limit was passed."""
        guard = self._scenario.guard
        loss, norm = self._training.ring.latest()
        if guard.on_nonfinite != "continue" and not (math.isfinite(loss) and math.isfinite(norm)):
            self._halt(guard.on_nonfinite, f"loss {loss:g}, gradient norm {norm:g}: not finite")
        elif guard.grad_norm_ceiling is not None and norm > guard.grad_norm_ceiling:
            self._halt(guard.on_ceiling, f"gradient norm {norm:.4g} is over the ceiling {guard.grad_norm_ceiling:g}")

    def _halt(self, action: str, reason: str) -> None:
        self._mark("guard", f"{action}: {reason}")
        if action == "stop":
            self._finish(reason)
        else:
            self.pause(reason)

    def _finish(self, reason: str) -> None:
        """Take the last readings and stay, answering; a limited run only pauses."""
        if self.step < self._plan.planned_steps and not reason and not (self._patience and self._patience.done):
            self.frame()
            self._set_state("paused", "")
            return
        if self._instruments.probing:
            probed, evaluated = self._instruments.due()
            self.logbook.read(self.step, self._readings(not probed, not evaluated))
        if self._patience and self._patience.done:
            reason = f"early stopping: validation loss has not improved for {self._patience.limit} evaluations"
        self._set_state("finished", reason)

    def _mark(self, kind: str, text: str, about: int = -1) -> None:
        self.frame()
        self.logbook.tell(Marked(self.step if about < 0 else about, kind, text))

    def _set_state(self, state: RunState, reason: str) -> None:
        self.frame()
        self.state = state
        self._counted = time.perf_counter()
        self.logbook.tell(StateChanged(self.step, state, reason))


def _news(batches: object, step: int) -> Iterator[tuple[str, str]]:
    """What the data themselves bring before this step: the kind of mark, and its text."""
    if isinstance(batches, StreamBatches) and batches.sets_in(step):
        yield "drift", "the stream's distribution changes here"
    if isinstance(batches, GenerationBatches) and batches.ends_at(step):
        yield "generation", f"generation {batches.generation + 1} is sampled"


def _by_step(script: tuple[Intervention, ...], steps_per_epoch: int) -> dict[int, list[Intervention]]:
    planned: dict[int, list[Intervention]] = defaultdict(list)
    for intervention in script:
        at = intervention.at if intervention.at is not None else (intervention.at_epoch or 0) * steps_per_epoch
        planned[at].append(intervention)
    return planned
