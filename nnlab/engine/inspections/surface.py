"""The model over its whole input space, where that can be drawn: one or two inputs."""

import numpy as np
import torch
from numpy.typing import NDArray

from nnlab.engine.batches import Batch
from nnlab.engine.inspections.chances import chances, supervised
from nnlab.engine.inspections.names import input_names, output_names
from nnlab.engine.inspections.payload import InspectionError, Payload, resolution
from nnlab.engine.objectives.supervised import labels
from nnlab.engine.probes.supervised import VALIDATION_ROWS
from nnlab.engine.tasks import Supervised
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect

GRID, CURVE, MOST = 48, 200, 256
MARGIN = 0.08
"""Of the data's range, on each side."""
HELD_POINTS = 256
Floats = NDArray[np.float64]


def surface(training: Training, request: Inspect) -> Payload:
    """The surface of a model with two inputs, the curve of one with one. Raises InspectionError."""
    task = supervised(training.task, "a surface")
    trained = task.probe()
    inputs = trained.inputs.shape[1]
    if inputs > 2:
        raise InspectionError(f"a surface needs a problem with one or two inputs, and this one has {inputs}")
    held = task.batches.validation(VALIDATION_ROWS)
    parts = [trained] if held is None else [trained, _first(held, HELD_POINTS)]
    scale = task.batches.input_scale or 1.0
    points = np.concatenate([part.inputs.cpu().double().numpy() for part in parts]) / scale
    points = np.where(np.isfinite(points), points, 0.0)
    count = resolution(request.resolution, GRID if inputs == 2 else CURVE, MOST)
    source = task.batches.source
    axes = [_axis(points[:, place], count) for place in range(inputs)]
    known = np.concatenate([_labels(task, part) for part in parts])
    values = {
        "x": axes[0],
        "grid": _grid(task, axes),
        "point_x": points[:, 0],
        "point_y": points[:, 1] if inputs == 2 else known,
        "point_label": known,
        "point_held": np.repeat([0.0, 1.0][: len(parts)], [len(part.inputs) for part in parts]),
        "kind": np.array([1.0 if task.classes else 0.0]),
    }
    return Payload(values | ({"y": axes[1]} if inputs == 2 else {}), input_names(source) + output_names(source))


def _first(batch: Batch, rows: int) -> Batch:
    """At most this many rows, evenly spaced: validation sets may be sorted."""
    every = -(-len(batch.inputs) // rows)
    return Batch(batch.inputs[::every], batch.targets[::every])


def _axis(values: Floats, count: int) -> Floats:
    low, high = float(values.min()), float(values.max())
    room = MARGIN * (high - low) or 1.0
    return np.linspace(low - room, high + room, count)


def _grid(task: Supervised, axes: list[Floats]) -> Floats:
    """Probabilities or outputs [K, H, W], H = 1 for a curve."""
    columns = np.meshgrid(*axes)
    rows = np.stack([column.reshape(-1) for column in columns], axis=1)
    device = task.probe().inputs.device
    with torch.no_grad():
        inputs = torch.from_numpy(rows).float().to(device) * task.batches.input_scale
        outputs = chances(task, task.network(inputs, 0.0, False))
    grid: Floats = outputs.cpu().double().numpy().T
    return grid


def _labels(task: Supervised, batch: Batch) -> Floats:
    """The class of each row, or its first target [n]."""
    found = labels(batch.targets, task.classes) if task.classes else batch.targets[:, 0]
    numbers: Floats = found.cpu().double().numpy()
    return numbers
