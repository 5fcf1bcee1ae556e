"""Histograms and norms of each layer's gradient on the probe batch, as it is now."""

import numpy as np
import torch

from nnlab.engine.inspections.histograms import by_layer
from nnlab.engine.inspections.payload import Payload, chosen
from nnlab.engine.inspections.weights import weights_of
from nnlab.engine.probes.layers import flat_gradient
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect


def gradients(training: Training, request: Inspect) -> Payload:
    """One histogram for each layer that has parameters, 0 where no gradient arrives. Raises InspectionError."""
    task, parameters = training.task, training.parameters
    gradient = flat_gradient(task.measure(task.probe())[1], parameters)
    found = by_layer(weights_of(parameters, gradient), request.layer, request.resolution)
    places = chosen([segment.layer for segment in parameters.segments], request.layer)
    norms = torch.stack(torch._foreach_norm(parameters.by_layer(gradient)))[places]
    sizes = torch.stack(torch._foreach_norm(parameters.by_layer(parameters.values)))[places]
    own: dict[str, np.ndarray] = {"norm": norms.cpu().numpy(), "weight_norm": sizes.detach().cpu().numpy()}
    return Payload({**found.values, **own}, found.texts)
