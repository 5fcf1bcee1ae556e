"""A circle inside another, both around the origin."""

import numpy as np

from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import classification, sorted_classes
from nnlab.scenario.data import Circles


def circles(data: Circles, seed: int) -> Examples:
    """x [samples, 2]; class 0 is the outer circle of radius 1, class 1 the inner one of radius `factor`."""
    draw = generator(seed, "circles")
    y = sorted_classes(data.samples, 2)
    angle = draw.uniform(0.0, 2.0 * np.pi, data.samples)
    radius = np.where(y == 0, 1.0, data.factor)
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return classification(x + draw.normal(0.0, data.noise, x.shape), y, 2)
