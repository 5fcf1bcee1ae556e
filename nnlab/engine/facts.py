"""Facts of a run known before its first step: configuration, data, and the model as it was initialised."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from nnlab.data.source import FixedSource, StreamSource, TripletSource
from nnlab.data.source import facts as data_facts
from nnlab.engine.batches import FixedBatches
from nnlab.engine.objectives import retrieval, supervised
from nnlab.engine.streams import StreamBatches
from nnlab.engine.tasks import Retrieval, Supervised
from nnlab.scenario.knob_table import BY_ID
from nnlab.scenario.knobs import why_not
from nnlab.scenario.scenario import Scenario

Fact = float | str | bool
SKIPPED = frozenset({"seed", "story", "title", "summary", "lesson", "expect", "knobs", "script", "phases"})
"""Parts of the scenario that say nothing about the training."""


def config_facts(scenario: Scenario) -> dict[str, Fact]:
    """The scenario's scalars under dotted keys; lists joined with commas."""
    return dict(_flatten("", scenario.model_dump(mode="json", exclude_none=True)))


def _flatten(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, Fact]]:
    found: list[tuple[str, Fact]] = []
    for key, value in table.items():
        if key in SKIPPED:
            continue
        if isinstance(value, Mapping):
            found += _flatten(f"{prefix}{key}.", value)
        elif isinstance(value, (list, tuple)):
            found.append((f"{prefix}{key}", ",".join(str(item) for item in value)))
        else:
            found.append((f"{prefix}{key}", value))
    return found


def measured_facts(
    task: Supervised | Retrieval, source: FixedSource | StreamSource | TripletSource, scenario: Scenario
) -> dict[str, Fact]:
    """What INTERFACES calls measured: data statistics, constant-predictor loss, sizes, symmetry of the weights."""
    found: dict[str, Fact] = dict(
        data_facts(source, input_scale=scenario.data.input_scale, shuffle=scenario.data.shuffle)
    )
    found["constant_loss"] = constant_loss(task, scenario)
    if scenario.data.phases:
        found["data.phases"] = len(scenario.data.phases)
    parameters = list(task.network.parameters())
    found["parameters"] = sum(p.numel() for p in parameters)
    found["trainable"] = sum(p.numel() for p in parameters if p.requires_grad)
    if isinstance(task, Supervised):
        found["output_width"] = task.network.linears[-1].out_features
        weights = [linear.weight for linear in task.network.linears if linear.out_features > 1]
        same = [bool((w == w[0]).all()) for w in weights]
        found["row_symmetry"] = sum(same) / len(same) if same else 0.0
        if isinstance(task.batches, FixedBatches) and len(task.batches.source.y_val):
            found["constant_loss_val"] = _on_validation(task, task.batches)
        if not why_not("class_weights", scenario):
            found |= _weighted(task, scenario)
    return found


def _weighted(task: Supervised, scenario: Scenario) -> dict[str, Fact]:
    """The constant-predictor losses under each choice of the knob class_weights, as `constant_loss/balanced`."""
    found: dict[str, Fact] = {}
    for how in BY_ID["class_weights"].choices:
        other = replace(task)
        other.weigh(how)
        found[f"constant_loss/{how}"] = constant_loss(other, scenario)
        if isinstance(other.batches, FixedBatches) and len(other.batches.source.y_val):
            found[f"constant_loss_val/{how}"] = _on_validation(other, other.batches)
    return found


def constant_loss(task: Supervised | Retrieval, scenario: Scenario) -> float:
    """L_c: the training loss of the best outputs that ignore the input."""
    if isinstance(task, Retrieval):
        batch = scenario.train.batch_size
        loss = retrieval.constant_loss(scenario.objective.kind, scenario.objective.margin, batch)
        return loss * (batch if scenario.objective.reduction == "sum" else 1)
    batches = task.batches
    targets = batches.probe(1024).targets if isinstance(batches, StreamBatches) else batches.all_targets()
    return _constant(task, targets, targets)


def _on_validation(task: Supervised, batches: FixedBatches) -> float:
    validation = batches.validation(len(batches.source.y_val))
    assert validation is not None
    return _constant(task, batches.all_targets(), validation.targets)


def _constant(task: Supervised, fitted_on: torch.Tensor, measured_on: torch.Tensor) -> float:
    kind = task.objective.kind
    outputs = supervised.constant_outputs(kind, fitted_on, task.classes, task.label_smoothing, task.weights)
    expanded = outputs.expand(len(measured_on), -1)
    losses = supervised.LOSSES[kind](expanded, measured_on, task.label_smoothing, task.weights)
    mean = (
        losses.mean() if task.objective.reduction == "sum" else supervised.mean(kind, losses, measured_on, task.weights)
    )
    return float(mean) * task.scale(outputs.shape[1])
