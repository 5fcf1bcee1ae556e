"""From a scenario to a training that is ready for its first step."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from nnlab.data.source import (
    DataError,
    FixedSource,
    GenerationSource,
    Source,
    StreamSource,
    TasksSource,
    TripletSource,
    apply_phase,
    make,
)
from nnlab.engine.batches import FixedBatches
from nnlab.engine.generations import GenerationBatches
from nnlab.engine.learned import Chapter, nothing_learned
from nnlab.engine.models.mlp import MlpNetwork
from nnlab.engine.models.two_tower import TwoTowerNetwork
from nnlab.engine.objectives.supervised import width
from nnlab.engine.optimizers import make_optimizer
from nnlab.engine.parameters import Parameters
from nnlab.engine.ring import Ring
from nnlab.engine.schedules import factor
from nnlab.engine.streams import StreamBatches
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.engine.training import Training
from nnlab.engine.triplets import TripletBatches
from nnlab.scenario import DEFAULT_STEPS
from nnlab.scenario.data import Generations, MsMarco, Stream, Tasks, Triplets
from nnlab.scenario.knobs import from_key
from nnlab.scenario.model import Mlp, TwoTower
from nnlab.scenario.phases import ResolvedPhase, resolve_phases
from nnlab.scenario.scenario import Scenario
from nnlab.wire.values import KnobValue

LIVE_DATA_KEYS = {
    "label_noise": "label_noise", "shuffle": "shuffle", "augment": "augment", "input_scale": "input_scale",
    "negatives": "negatives", "false_negative_rate": "false_negative_rate", "replay": "replay", "drift": "strength",
}  # fmt: skip
"""Knobs whose value lives in the data part, and under which key."""


@dataclass(frozen=True, slots=True)
class Phase:
    """What changes at a step: the source of the examples, and the data knobs that its options set."""

    step: int
    text: str
    source: Source
    knobs: dict[str, KnobValue]


@dataclass(frozen=True, slots=True)
class Plan:
    """A training with all that is decided before its first step."""

    training: Training
    source: Source
    planned_steps: int
    steps_per_epoch: int
    phases: tuple[Phase, ...]


def build(scenario: Scenario, seed: int, base_dir: Path, device: torch.device) -> Plan:
    """Everything a run needs, seeded with `seed`. Raises DataError for data that cannot be used."""
    made = make(scenario.data, seed, base_dir, scenario.train.batch_size)
    source = made.tasks[0] if isinstance(made, TasksSource) else made
    torch.manual_seed(seed)
    task = _task(scenario, source, seed, device)
    task.network.to(device)
    parameters = Parameters(task.network.layers(), device)
    parameters.freeze(_frozen(scenario, task))
    batches = task.batches
    steps_per_epoch = batches.steps_per_epoch if isinstance(batches, FixedBatches) else _epoch(scenario, source)
    planned = _planned(scenario, steps_per_epoch)
    optimizer = make_optimizer(scenario.optimizer, parameters.values, parameters.grads, parameters.learning())
    train, fault = scenario.train, scenario.fault
    training = Training(
        task=task,
        parameters=parameters,
        optimizer=optimizer,
        ring=Ring(device),
        schedule=scenario.schedule,
        planned_steps=planned,
        base_lr=scenario.optimizer.lr,
        lr=torch.tensor(scenario.optimizer.lr * factor(scenario.schedule, 0, planned), device=device),
        clip_norm=torch.tensor(train.clip_norm, device=device),
        clip_value=torch.tensor(train.clip_value, device=device),
        clips_norm=train.clip_norm > 0,
        clips_value=train.clip_value > 0,
        l2=scenario.objective.l2,
        ewc=scenario.objective.ewc,
        learned=nothing_learned(_chapter(scenario, source), parameters),
        flip_gradient=fault.flip_gradient,
        missing_zero_grad=fault.missing_zero_grad,
    )
    if isinstance(made, TasksSource):
        phases = _tasks(scenario, made, planned)
    else:
        phases = _phases(scenario, seed, base_dir, source, steps_per_epoch)
    return Plan(training, source, planned, steps_per_epoch, phases)


def _task(scenario: Scenario, source: Source, seed: int, device: torch.device) -> Supervised | Retrieval:
    if isinstance(source, TripletSource):
        return _retrieval(scenario, source, seed, device)
    assert isinstance(scenario.model, Mlp)
    kind, fault = scenario.objective.kind, scenario.fault
    features = source.features if isinstance(source, StreamSource) else source.x_train.shape[1]
    targets = 0 if isinstance(source, StreamSource) else source.targets
    network = MlpNetwork(scenario.model, features, width(kind, source.classes, targets))
    network.detached = fault.detach_layer
    batches = _batches(scenario, source, network, seed, device)
    if fault.leak_validation and isinstance(batches, FixedBatches):
        batches.set(leaked=True)
    if fault.misaligned_labels:
        batches.set(misaligned=True)
    multilabel = isinstance(source, FixedSource) and source.task == "multilabel"
    task = Supervised(
        network, batches, scenario.objective, source.classes, multilabel, scenario.model.dropout,
        scenario.objective.label_smoothing, fault.double_softmax, fault.stale_batch,
    )  # fmt: skip
    task.weigh(str(from_key("class_weights", scenario.objective.class_weights)))
    return task


def _batches(
    scenario: Scenario, source: FixedSource | StreamSource, network: MlpNetwork, seed: int, device: torch.device
) -> FixedBatches | StreamBatches:
    data, kind = scenario.data, scenario.objective.kind
    usual: dict[str, Any] = {
        "batch_size": scenario.train.batch_size, "input_scale": data.input_scale, "label_noise": data.label_noise,
        "replay": data.replay, "device": device,
    }  # fmt: skip
    if isinstance(source, StreamSource):
        assert isinstance(data, Stream)
        return StreamBatches(source, kind, strength=data.strength, **usual)
    usual |= {"seed": seed, "shuffle": data.shuffle, "augment": data.augment}
    if isinstance(source, GenerationSource):
        assert isinstance(data, Generations)
        return GenerationBatches(source, kind, data, network, **usual)
    return FixedBatches(source, kind, **usual)


def _retrieval(scenario: Scenario, source: TripletSource, seed: int, device: torch.device) -> Retrieval:
    assert isinstance(scenario.model, TwoTower)
    assert isinstance(scenario.data, Triplets | MsMarco)
    model, objective = scenario.model, scenario.objective
    batches = TripletBatches(
        source, batch_size=scenario.train.batch_size, negatives=scenario.data.negatives,
        false_negative_rate=scenario.data.false_negative_rate, device=device,
    )  # fmt: skip
    table = torch.from_numpy(source.skipgram(model.embedding_dim, seed)) if model.embedding_init == "skipgram" else None
    network = TwoTowerNetwork(model, model.vocab_size or source.vocab_size, table, padded=source.corpus.padded)
    network.detached = scenario.fault.detach_layer
    if scenario.fault.misaligned_labels:
        batches.set(misaligned=True)
    return Retrieval(
        network, batches, objective, model.dropout, torch.tensor(objective.margin, device=device),
        torch.tensor(objective.temperature, device=device), scenario.fault.stale_batch,
    )  # fmt: skip


def _frozen(scenario: Scenario, task: Supervised | Retrieval) -> list[str]:
    if isinstance(scenario.model, TwoTower):
        return ["embedding"] if scenario.model.freeze_embeddings else []
    names = [name for name, _ in task.network.layers()]
    return [names[index] for index in scenario.model.freeze]


def _epoch(scenario: Scenario, source: Source) -> int:
    """Steps that pass once over all training queries; an endless stream counts a thousand examples as an epoch."""
    rows = len(source.train_queries) if isinstance(source, TripletSource) else 1000
    return max(1, math.ceil(rows / scenario.train.batch_size))


def _planned(scenario: Scenario, steps_per_epoch: int) -> int:
    if scenario.train.epochs is not None:
        return scenario.train.epochs * steps_per_epoch
    return scenario.train.steps or DEFAULT_STEPS


def _chapter(scenario: Scenario, source: Source) -> Chapter:
    """Data in stretches are told of stretch by stretch where accuracy on held-out rows means something."""
    if not isinstance(source, FixedSource) or source.task != "classification" or not len(source.x_val):
        return ""
    if isinstance(scenario.data, Tasks):
        return "task"
    return "phase" if scenario.data.phases else ""


def _tasks(scenario: Scenario, source: TasksSource, planned: int) -> tuple[Phase, ...]:
    """The tasks after the first, each a phase."""
    assert isinstance(scenario.data, Tasks)
    steps = scenario.data.steps_per_task or math.ceil(planned / len(source.tasks))
    return tuple(Phase(index * steps, f"task {index}", task, {}) for index, task in enumerate(source.tasks) if index)


def _phases(scenario: Scenario, seed: int, base_dir: Path, base: Source, steps_per_epoch: int) -> tuple[Phase, ...]:
    found = []
    before = scenario.data
    for phase in resolve_phases(scenario.data):
        step = phase.from_step if phase.from_step is not None else (phase.from_epoch or 0) * steps_per_epoch
        source = make(phase.data, seed, base_dir, scenario.train.batch_size)
        assert not isinstance(source, TasksSource)
        if isinstance(source, FixedSource):
            _check_shape(source, base, step)
            source = apply_phase(source, phase.classes, phase.shift, phase.scale)
        knobs = {
            knob: getattr(phase.data, key)
            for knob, key in LIVE_DATA_KEYS.items()
            if getattr(phase.data, key, None) != getattr(before, key, None)
        }
        before = phase.data
        found.append(Phase(step, _describe(scenario, phase), source, knobs))
    return tuple(found)


def _check_shape(source: FixedSource, base: Source, step: int) -> None:
    """A phase's table must fit the model that the first one made. Raises DataError."""
    assert isinstance(base, FixedSource)
    for what, ours, first in (
        ("features", source.x_train.shape[1], base.x_train.shape[1]),
        ("classes", source.classes, base.classes),
        ("targets", source.targets, base.targets),
    ):
        if ours != first:
            raise DataError(f"the data from step {step} on have {ours} {what}, those at the start {first}")


def _describe(scenario: Scenario, phase: ResolvedPhase) -> str:
    """What a phase changes, in words: `classes 0, 1; shift 2`."""
    own = {"classes": phase.classes, "shift": phase.shift, "scale": phase.scale}
    base = scenario.data.model_dump()
    changed = {key: value for key, value in phase.data.model_dump().items() if value != base[key] and key != "phases"}
    parts = {key: value for key, value in (own | changed).items() if value is not None}
    texts = (f"{key} {', '.join(map(str, v)) if isinstance(v, tuple) else v}" for key, v in parts.items())
    return "data: " + ("; ".join(texts) or "as at the start")
