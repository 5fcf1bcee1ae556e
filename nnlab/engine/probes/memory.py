"""What the optimizer remembers of earlier gradients, against the gradient as it is now."""

from torch import Tensor

from nnlab.engine.optimizers import Optimizer
from nnlab.engine.probes.layers import Measured


def measure_memory(optimizer: Optimizer, gradient: Tensor) -> Measured:
    """`optimizer/expected_norm`: length of the gradient that the second moment expects, to be held against `grad/norm`.
    `optimizer/agreement`: cosine between the first moment and the gradient of the probe batch, flat float32 [n]: below
    0 the momentum climbs. Rules without that moment have no reading.
    """
    measured: Measured = {}
    expected = optimizer.expected_norm()
    if expected is not None:
        measured["optimizer/expected_norm"] = expected
    remembers = optimizer.kind in ("adam", "adamw") or (optimizer.kind == "sgd" and optimizer.momentum > 0.0)
    if remembers:
        lengths = optimizer.first.norm() * gradient.norm()
        measured["optimizer/agreement"] = optimizer.first.dot(gradient) / lengths.clamp_min(1e-30)
    return measured
