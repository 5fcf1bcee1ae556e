"""Two interleaving half circles of radius 1, the second upside down and moved to (1, 0.5)."""

import numpy as np

from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import classification, sorted_classes
from nnlab.scenario.data import Moons


def moons(data: Moons, seed: int) -> Examples:
    """x [samples, 2]; class 0 is the upper moon."""
    draw = generator(seed, "moons")
    y = sorted_classes(data.samples, 2)
    angle = draw.uniform(0.0, np.pi, data.samples)
    x = np.column_stack(
        [np.where(y == 0, np.cos(angle), 1.0 - np.cos(angle)), np.where(y == 0, np.sin(angle), 0.5 - np.sin(angle))]
    )
    return classification(x + draw.normal(0.0, data.noise, x.shape), y, 2)
