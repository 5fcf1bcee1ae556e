"""Histograms of the weights."""

from torch import Tensor

from nnlab.engine.inspections.histograms import by_layer
from nnlab.engine.inspections.payload import Payload
from nnlab.engine.parameters import Parameters
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect


def weights(training: Training, request: Inspect) -> Payload:
    """One histogram for each layer that has parameters. Raises InspectionError."""
    parameters = training.parameters
    return by_layer(weights_of(parameters, parameters.values), request.layer, request.resolution)


def weights_of(parameters: Parameters, buffer: Tensor) -> list[tuple[str, Tensor]]:
    """Each layer's name and what `buffer` [n] holds for its weights; for all its parameters where none is a weight."""
    cut = zip(
        parameters.segments, parameters.by_layer(buffer), parameters.by_layer(parameters.weight_mask), strict=True
    )
    return [(segment.layer, values[mask > 0.0] if bool(mask.any()) else values) for segment, values, mask in cut]
