"""A generation at its end: how varied its corpus was, what it held of the tails, what its model knows of the truth."""

import numpy as np

from nnlab.engine.generations import GenerationBatches, softmax
from nnlab.engine.probes.layers import Measured


def measure_generation(batches: GenerationBatches) -> Measured:
    """Variance and tail mass of the corpus against the truth, and the model's loss under the true distribution.

    The loss is the cross-entropy in nats, exactly: the mean over contexts of −∑ p(symbol) · ln q(symbol).
    """
    source = batches.source
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(softmax(batches.outputs()))
        losses = -(source.truth[source.present] * logs).sum(axis=1)
    return {
        "samples/variance": source.variance(),
        "samples/tail_mass": source.tail_mass(),
        "samples/true_loss": float(losses.mean()),
    }
