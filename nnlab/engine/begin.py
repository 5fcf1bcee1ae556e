"""The start of a run: everything is built, measured once and announced."""

import uuid
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from nnlab import __version__
from nnlab.data.source import TripletSource
from nnlab.engine.build import build
from nnlab.engine.cadence import cadence
from nnlab.engine.device import pick_device
from nnlab.engine.facts import config_facts, measured_facts
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.naming import series_specs
from nnlab.engine.probes.layers import Measured
from nnlab.engine.run import Run
from nnlab.engine.server import Server
from nnlab.engine.spec import Spec
from nnlab.runs.recorder import Recorder
from nnlab.scenario.knobs import Knob, knobs
from nnlab.scenario.scenario import Scenario
from nnlab.wire.events import Marked, RunStarted
from nnlab.wire.values import KnobSpec, RunInfo


def begin(spec: Spec, server: Server) -> Run:
    """Build the run of a spec, take its first readings and announce it. Raises UserError."""
    scenario = Scenario.model_validate(spec.scenario)
    device = pick_device(spec.device)
    plan = build(scenario, spec.seed, Path(spec.base_dir), device)
    planned, training = plan.planned_steps, plan.training
    often = cadence(scenario.model, planned, scenario.train.eval_every)
    instruments = Instruments(training, often, spec.probes, training.parameters.values.clone())
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
        eval_every=often.eval_every,
        probe_every=often.probe_every,
        diagnose_every=often.diagnose_every,
        knobs=tuple(_announce(knob) for knob in knobs(scenario)),
        layers=training.task.network.specs(),
        facts=facts,
        run_file=spec.record,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        versions={"nnlab": __version__, "torch": torch.__version__, "numpy": np.__version__},
        base_dir=spec.base_dir,
    )
    info = replace(info, series=series_specs(info, first, often))
    logbook = Logbook(server, Recorder.create(spec.record, info) if spec.record else None, training.ring)
    logbook.tell(RunStarted(info))
    if isinstance(plan.source, TripletSource) and plan.source.told:
        logbook.tell(Marked(0, "data", plan.source.told))
    logbook.read(0, first)
    run = Run(scenario, plan, info, instruments, logbook)
    run.frame()
    return run


def _first_readings(instruments: Instruments, scenario: Scenario) -> Measured:
    return instruments.probe() | instruments.evaluate(scenario.fault.eval_dropout, np.empty(0))


def _announce(knob: Knob) -> KnobSpec:
    return KnobSpec(**{item.name: getattr(knob, item.name) for item in fields(KnobSpec)})
