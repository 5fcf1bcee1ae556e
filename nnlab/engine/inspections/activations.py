"""Histograms of what each layer puts out for the probe batch."""

import torch

from nnlab.engine.inspections.histograms import by_layer
from nnlab.engine.inspections.payload import Payload
from nnlab.engine.models.mlp import Tap
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect


def activations(training: Training, request: Inspect) -> Payload:
    """One histogram for each layer, after its activation function. Raises InspectionError."""
    task = training.task
    taps: list[Tap] = []
    with torch.no_grad():
        task.measure(task.probe(), 0.0, taps)
    joined: dict[str, list[torch.Tensor]] = {}
    for tap in taps:  # a tower that is shared is passed twice
        joined.setdefault(tap.layer, []).append(tap.activation.reshape(-1))
    return by_layer([(name, torch.cat(parts)) for name, parts in joined.items()], request.layer, request.resolution)
