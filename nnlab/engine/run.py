"""One run: its training, instruments, knobs, script and guard, from step 0 to its end."""

import math
import time
import uuid
from collections import defaultdict
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from nnlab import __version__
from nnlab.data.source import StreamSource
from nnlab.engine.build import Plan, build
from nnlab.engine.device import pick_device
from nnlab.engine.dials import Dials
from nnlab.engine.facts import config_facts, measured_facts
from nnlab.engine.instruments import Instruments, diagnose_every, eval_every, probe_every
from nnlab.engine.logbook import Logbook
from nnlab.engine.naming import series_specs
from nnlab.engine.patience import Patience
from nnlab.engine.probes.layers import Measured
from nnlab.engine.server import Server
from nnlab.engine.spec import Spec
from nnlab.engine.tasks import Retrieval
from nnlab.runs.recorder import Recorder
from nnlab.scenario.knobs import Knob, accept, knobs
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Intervention
from nnlab.wire.events import KnobRefused, KnobTurned, Marked, RunStarted, StateChanged
from nnlab.wire.values import KnobSpec, KnobValue, RunInfo, RunState


class Run:
    """Advances one training step by step; every change is told with the step at which it took hold."""

    def __init__(
        self, scenario: Scenario, plan: Plan, info: RunInfo, instruments: Instruments, logbook: Logbook
    ) -> None:
        """Ready for its first step, paused."""
        self.info = info
        self.logbook = logbook
        self.state: RunState = "paused"
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
        self._seconds = 0.0

    @property
    def step(self) -> int:
        """Steps done."""
        return self._training.step

    def advance(self) -> None:
        """Follow the script, train one step, measure what is due; finish when the steps are done."""
        began = time.perf_counter()
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
        now = time.perf_counter()
        self._seconds += now - began
        if self._guarded:
            self._guard()
        if self.step >= self._until and self.state == "running":
            self._finish("")
        elif self.logbook.due(now):
            self.frame()

    def resume(self, steps: int | None = None) -> None:
        """Train on: to the planned end, for `steps` more steps, or without end once the plan is done."""
        if steps is not None:
            self._until = self.step + steps
        elif self.step >= self._plan.planned_steps:
            self._until = 2**62
        else:
            self._until = self._plan.planned_steps
        self._set_state("running", "")

    def pause(self, reason: str = "") -> None:
        """Stop between two steps."""
        if self.state == "running":
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
        """Take all readings now."""
        self.logbook.read(self.step, self._readings(True, True))
        self.frame()
        self.logbook.tell(Marked(self.step, "evaluate", "evaluated on request"))

    def remark(self, kind: str, text: str, step: int) -> None:
        """Write a note or finding into the journal."""
        self.frame()
        self.logbook.tell(Marked(self.step if step < 0 else step, kind, text))

    def show(self) -> None:
        """Send what has been measured, if it has waited long enough."""
        if self.logbook.due(time.perf_counter()):
            self.frame()

    def frame(self) -> None:
        """Send and record all scalars so far."""
        self.logbook.frame(self.step, self._seconds)

    def end(self, state: RunState) -> None:
        """Complete the run file; nothing follows."""
        if self.state != state:
            self._set_state(state, "")
        self.logbook.close()

    def _arrive(self) -> None:
        """What the plan holds for this step: phases of the data, onset of drift, script."""
        phase = self._phases.get(self.step)
        if phase is not None:
            self._training.task.batches.use(phase.source)
            self._mark("phase", phase.text)
            for knob, value in phase.knobs.items():
                self.turn(knob, value, "script", 0)
        if isinstance(self._plan.source, StreamSource) and self.step in self._plan.source.onsets(self.step + 1):
            self._mark("drift", "the stream's distribution changes here")
        for intervention in self._script.get(self.step, ()):
            for knob, value in intervention.set.items():
                self.turn(knob, value, "script", 0)
            if intervention.action == "pause":
                self.pause(intervention.text or "the script pauses here")
            elif intervention.text:
                self._mark("note", intervention.text)

    def _measure_due(self) -> None:
        probe, evaluate = self._instruments.due()
        if probe or evaluate:
            self.logbook.read(self.step, self._readings(probe, evaluate))

    def _readings(self, probe: bool, evaluate: bool) -> Measured:
        measured: Measured = {}
        if probe:
            measured |= self._instruments.probe()
        if evaluate:
            losses = np.frombuffer(self.logbook.take_losses())
            measured |= self._instruments.evaluate(self._dials.eval_dropout, losses)
            if self._patience and "val/loss" in measured and self._patience.exhausted(float(measured["val/loss"])):
                self._until = self.step
        return measured

    def _guard(self) -> None:
        """Pause or stop the step in which a guard's limit was passed."""
        guard = self._scenario.guard
        loss, norm = self._training.ring.latest() if self._training.ring.count else (0.0, 0.0)
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
        self.logbook.read(self.step, self._readings(True, True) if self._instruments.probing else {})
        if self._patience and self._patience.done:
            reason = f"early stopping: validation loss has not improved for {self._patience.limit} evaluations"
        self._set_state("finished", reason)

    def _mark(self, kind: str, text: str) -> None:
        self.frame()
        self.logbook.tell(Marked(self.step, kind, text))

    def _set_state(self, state: RunState, reason: str) -> None:
        self.frame()
        self.state = state
        self.logbook.tell(StateChanged(self.step, state, reason))


def begin(spec: Spec, server: Server) -> Run:
    """Build the run of a spec, take its first readings and announce it. Raises UserError."""
    scenario = Scenario.model_validate(spec.scenario)
    device = pick_device(spec.device)
    plan = build(scenario, spec.seed, Path(spec.base_dir), device)
    planned, training = plan.planned_steps, plan.training
    retrieval = isinstance(training.task, Retrieval)
    instruments = Instruments(
        training, probe_every(planned, retrieval), eval_every(planned, scenario.train.eval_every, retrieval),
        spec.probes, training.parameters.values.clone(),
    )  # fmt: skip
    first = _first_readings(instruments, scenario) if spec.probes else {}
    facts = config_facts(scenario) | measured_facts(training.task, plan.source, scenario)  # type: ignore[arg-type]
    info = RunInfo(
        run_id=uuid.uuid4().hex[:12],
        scenario=spec.name,
        title=scenario.title or spec.name,
        family=scenario.family,
        scenario_toml=spec.toml,
        seed=spec.seed,
        device=str(device),
        planned_steps=planned,
        batch_size=scenario.train.batch_size,
        steps_per_epoch=plan.steps_per_epoch,
        eval_every=instruments.eval_every,
        probe_every=instruments.probe_every,
        diagnose_every=diagnose_every(planned),
        knobs=tuple(_announce(knob) for knob in knobs(scenario)),
        layers=training.task.network.specs(),
        facts=facts,
        run_file=spec.record,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={"nnlab": __version__, "torch": torch.__version__, "numpy": np.__version__},
    )
    info = replace(info, series=series_specs(info, first))
    logbook = Logbook(server, Recorder.create(spec.record, info) if spec.record else None, training.ring)
    logbook.tell(RunStarted(info))
    logbook.read(0, first)
    run = Run(scenario, plan, info, instruments, logbook)
    run.frame()
    return run


def _first_readings(instruments: Instruments, scenario: Scenario) -> Measured:
    return instruments.probe() | instruments.evaluate(scenario.fault.eval_dropout, np.empty(0))


def _announce(knob: Knob) -> KnobSpec:
    return KnobSpec(**{item.name: getattr(knob, item.name) for item in fields(KnobSpec)})


def _by_step(script: tuple[Intervention, ...], steps_per_epoch: int) -> dict[int, list[Intervention]]:
    planned: dict[int, list[Intervention]] = defaultdict(list)
    for intervention in script:
        at = intervention.at if intervention.at is not None else (intervention.at_epoch or 0) * steps_per_epoch
        planned[at].append(intervention)
    return planned
