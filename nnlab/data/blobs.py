"""Gaussian clouds, one per class, their centres uniform in a box."""

from nnlab.data.prepare import Examples
from nnlab.data.seeded import generator
from nnlab.data.toys import classification, sorted_classes
from nnlab.scenario.data import Blobs


def blobs(data: Blobs, seed: int) -> Examples:
    """x [samples, features]; the centres do not depend on the number of samples."""
    centres = generator(seed, "blobs centres").uniform(-data.box, data.box, (data.classes, data.features))
    y = sorted_classes(data.samples, data.classes)
    noise = generator(seed, "blobs noise").normal(0.0, data.noise, (data.samples, data.features))
    return classification(centres[y] + noise, y, data.classes)
