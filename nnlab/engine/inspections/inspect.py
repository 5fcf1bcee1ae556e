"""Answers a request to look inside."""

from array import array
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from nnlab.data.errors import nearest
from nnlab.engine.inspections.activations import activations
from nnlab.engine.inspections.confusion import confusion
from nnlab.engine.inspections.gradients import gradients
from nnlab.engine.inspections.machine import machine
from nnlab.engine.inspections.payload import InspectionError, Payload
from nnlab.engine.inspections.projection import projection
from nnlab.engine.inspections.samples import samples
from nnlab.engine.inspections.similarities import similarities
from nnlab.engine.inspections.spectrum import spectrum
from nnlab.engine.inspections.surface import surface
from nnlab.engine.inspections.weights import weights
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect
from nnlab.wire.events import Inspected, InspectionRefused

KINDS: Mapping[str, Callable[[Training, Inspect], Payload]] = MappingProxyType(
    {
        "weights": weights, "activations": activations, "gradients": gradients, "surface": surface,
        "confusion": confusion, "samples": samples, "similarities": similarities, "spectrum": spectrum,
        "projection": projection, "machine": machine,
    }
)  # fmt: skip


def inspect(training: Training, request: Inspect) -> Inspected | InspectionRefused:
    """Look at the state as it is; training goes on afterwards as if nothing had been asked."""
    look = KINDS.get(request.what)
    try:
        if look is None:
            hint = nearest(request.what, KINDS)
            raise InspectionError(f"there is no inspection {request.what!r}{hint}; there are {', '.join(KINDS)}")
        with same_random_state(training.parameters.values.device):
            found = look(training, request)
    except InspectionError as reason:
        return InspectionRefused(training.step, request.what, str(reason), request.id)
    packed = tuple(_packed(value) for value in found.values.values())
    return Inspected(training.step, request.what, tuple(found.values), packed, found.texts, request.id)


def _packed(values: NDArray[np.generic]) -> "array[float]":
    return array("d", np.ascontiguousarray(values, dtype=np.float64).tobytes())
