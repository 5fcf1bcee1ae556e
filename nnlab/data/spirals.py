"""Spiral arms, one per class, evenly turned around the origin."""

import numpy as np

from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import classification, sorted_classes
from nnlab.scenario.data import Spirals

INNER, OUTER = 0.2, 2.0
"""Radii at which the arms begin and end: features come out with a standard deviation near 1."""


def spirals(data: Spirals, seed: int) -> Examples:
    """x [samples, 2]; points lie uniformly along each arm's radius."""
    draw = generator(seed, "spirals")
    y = sorted_classes(data.samples, data.classes)
    along = draw.uniform(0.0, 1.0, data.samples)
    angle = 2.0 * np.pi * (data.turns * along + y / data.classes)
    radius = INNER + (OUTER - INNER) * along
    x = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return classification(x + draw.normal(0.0, data.noise, x.shape), y, data.classes)
