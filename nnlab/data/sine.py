"""Regression on a sine wave."""

import numpy as np

from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import regression
from nnlab.scenario.data import Sine


def sine(data: Sine, seed: int) -> Examples:
    """x [samples, 1] uniform in [-1, 1]; y [samples, 1] = sin(2π · cycles · x) and Gaussian noise."""
    draw = generator(seed, "sine")
    x = draw.uniform(-1.0, 1.0, (data.samples, 1))
    return regression(x, np.sin(2.0 * np.pi * data.cycles * x) + draw.normal(0.0, data.noise, x.shape))
