"""Four clouds at the corners of a square; opposite corners share a class."""

import numpy as np

from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import classification
from nnlab.scenario.data import Xor

CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])
CLASSES = np.array([0, 1, 1, 0], dtype=np.int64)


def xor(data: Xor, seed: int) -> Examples:
    """x [samples, 2]; class 0 where both coordinates have the same sign."""
    corner = np.arange(data.samples) % len(CORNERS)
    noise = generator(seed, "xor").normal(0.0, data.noise, (data.samples, 2))
    return classification(CORNERS[corner] + noise, CLASSES[corner], 2)
