"""The start of a run: everything is built, measured once and announced."""

import uuid
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from nnlab import __version__
from nnlab.data.source import TripletSource
from nnlab.engine import recall
from nnlab.engine.build import build
from nnlab.engine.cadence import cadence
from nnlab.engine.device import pick_device
from nnlab.engine.facts import config_facts, measured_facts
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.naming import series_specs
from nnlab.engine.past import Past
from nnlab.engine.probes.layers import Measured
from nnlab.engine.run import Run
from nnlab.engine.server import Server
from nnlab.engine.shelf import Shelf
from nnlab.engine.spec import Spec
from nnlab.engine.state import from_body
from nnlab.engine.tree import Tree
from nnlab.errors import UserError
from nnlab.runs.body import BodyError
from nnlab.runs.reader import RunFile
from nnlab.runs.recorder import Recorder
from nnlab.runs.schema import FORMAT
from nnlab.scenario.knobs import Knob, knobs
from nnlab.scenario.scenario import Scenario
from nnlab.wire.events import RunStarted
from nnlab.wire.values import KnobSpec, RunInfo


def begin(spec: Spec, server: Server, tree: Tree | None = None) -> Run:
    """Build the run of a spec, take its first readings and announce it; `tree` holds lines that are known already.

    A spec may ask to go on with a recorded run, or from a snapshot. Raises UserError.
    """
    if spec.resume:
        return _go_on(spec, server)
    run = _build(spec, server, tree or Tree())
    if spec.start:
        _start_from(run, Path(spec.start))
    if spec.reorder:
        reorder(run, spec.reorder)
    run.time.keep("start")
    source = run.training.task.batches.source
    if isinstance(source, TripletSource) and source.told and not spec.start:
        run.mark("data", source.told)
    for knob, value in spec.turns.items():
        run.turn(knob, value, "user", 0)
    run.frame()
    return run


def reorder(run: Run, seed: int) -> None:
    """Draw batches (and dropout) from another seed from the next step on; parameters and data stay."""
    run.training.task.batches.reorder(seed)
    torch.manual_seed(seed)


def _go_on(spec: Spec, server: Server) -> Run:
    """A recorded run at the end of its current line; one that is only read again at the beginning of that line, and
    nobody is told what was recorded."""
    with RunFile(spec.record) as file:
        if file.format < FORMAT:
            raise UserError(f"{spec.record} was written by an earlier nnlab, without snapshots: it cannot be resumed")
        tree = recall.tree(file)
        if spec.rereads:
            run = _build(replace(spec, record=""), server, tree, recall.shelf(file), Past(), file.info)
            run.time.switch(file.branch, 0)
            return run
        run = _build(replace(spec, record=""), server, tree, recall.shelf(file), recall.past(file), file.info)
        run.logbook.record_in(Recorder.reopen(spec.record))
        run.script.skip(max(tip.step for tip in tree.tips.values()))
        run.time.switch(file.branch)
    return run


def _start_from(run: Run, path: Path) -> None:
    """Put the run into the state of a snapshot body in a file of its own. Raises UserError."""
    try:
        run.restore(from_body(path.read_bytes()))
    except (OSError, BodyError, LookupError, RuntimeError) as error:
        raise UserError(f"cannot start from the snapshot {path}: {error}") from None
    run.time.tree.end(0, run.step)


def _build(
    spec: Spec, server: Server, tree: Tree, shelf: Shelf | None = None, past: Past | None = None,
    info: RunInfo | None = None,
) -> Run:  # fmt: skip
    """The run of a spec before its first step; one that has an `info` has been announced before."""
    scenario = Scenario.model_validate(spec.scenario)
    device = pick_device(spec.device)
    plan = build(scenario, spec.seed, Path(spec.base_dir), device)
    planned, training = plan.planned_steps, plan.training
    often = cadence(scenario.model, planned, scenario.train.eval_every)
    instruments = Instruments(training, often, spec.probes, training.parameters.values.clone())
    first = _first_readings(instruments, scenario) if spec.probes else {}
    facts = config_facts(scenario) | measured_facts(training.task, plan.source, scenario)  # type: ignore[arg-type]
    announced = info
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
        base_dir=spec.base_dir,
        versions={"nnlab": __version__, "torch": torch.__version__, "numpy": np.__version__},
    )
    info = announced or replace(info, series=series_specs(info, first, often))
    recorder = Recorder.create(spec.record, info) if spec.record else None
    logbook = Logbook(server, recorder, training.ring, past or Past())
    if announced is None:
        logbook.tell(RunStarted(info))
    if announced is None and not spec.start:
        logbook.read(0, first)
    return Run(scenario, plan, info, instruments, logbook, tree, shelf or Shelf())


def _first_readings(instruments: Instruments, scenario: Scenario) -> Measured:
    return instruments.probe() | instruments.evaluate(scenario.fault.eval_dropout, np.empty(0))


def _announce(knob: Knob) -> KnobSpec:
    return KnobSpec(**{item.name: getattr(knob, item.name) for item in fields(KnobSpec)})
