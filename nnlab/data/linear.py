"""A random linear map of Gaussian features, to regress on or to classify by."""

import numpy as np

from nnlab.data.errors import DataError
from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import classification, regression
from nnlab.scenario.data import Linear


def linear(data: Linear, seed: int) -> Examples:
    """x [samples, features] standard normal; each output has variance 1 before noise. The informative features lead.

    Raises DataError if more features are to matter than there are.
    """
    informative = data.features if data.informative is None else data.informative
    if informative > data.features:
        raise DataError(f"informative = {informative}, but there are only {data.features} features")
    weight = generator(seed, "linear weight").normal(size=(informative, data.outputs))
    weight /= np.linalg.norm(weight, axis=0)
    draw = generator(seed, "linear points")
    x = draw.normal(size=(data.samples, data.features))
    outputs = x[:, :informative] @ weight
    if data.task == "regression":
        return regression(x, outputs + draw.normal(0.0, data.noise, outputs.shape))
    y = (outputs[:, 0] > 0.0).astype(np.int64) if data.outputs == 1 else outputs.argmax(axis=1).astype(np.int64)
    return classification(x + draw.normal(0.0, data.noise, x.shape), y, max(data.outputs, 2))
