"""Tasks in sequence: the same clouds through permuted or rotated features, or one group of classes after another.

All tasks are views of one prepared set, so that split, standardisation and label noise are the same for each, and what
differs between two tasks is the view alone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nnlab.data.blobs import blobs
from nnlab.data.fixed import FixedSource, Floats, Ints
from nnlab.data.phase import apply_phase
from nnlab.data.prepare import Examples, float32, prepare
from nnlab.data.seeded import generator
from nnlab.data.toys import classification
from nnlab.scenario.data import Blobs, Tasks

CLOUDS_PER_CLASS = 2
"""One cloud for each class would leave the classes linearly separable, and little to forget."""
BOX = float(np.sqrt(3.0))
"""Half the width of the box that the centres lie in: a standard deviation of 1 on every axis."""

View = Callable[[Floats], Floats]


@dataclass(frozen=True, eq=False)
class TasksSource:
    """One `FixedSource` for each task, in the order in which they are learned; shapes and classes are the same."""

    tasks: tuple[FixedSource, ...]


def tasks(data: Tasks, seed: int) -> TasksSource:
    """The tasks of a scenario."""
    base = prepare(_clouds(data, seed), data, seed)
    if data.variant == "split":
        groups = np.array_split(np.arange(data.classes), data.count)
        return TasksSource(tuple(_of_classes(base, group) for group in groups))
    return TasksSource((base, *(_viewed(base, _view(data, seed, index)) for index in range(1, data.count))))


def _clouds(data: Tasks, seed: int) -> Examples:
    """Blobs, several to a class."""
    clouds = Blobs(
        kind="blobs", samples=data.samples, noise=data.noise, classes=CLOUDS_PER_CLASS * data.classes,
        features=data.features, box=BOX,
    )  # fmt: skip
    points = blobs(clouds, seed)
    return classification(points.x, points.y % data.classes, data.classes)


def _view(data: Tasks, seed: int, index: int) -> View:
    """How task `index` (from 1) sees the features of the first."""
    if data.variant == "permuted":
        order = generator(seed, "task order", index).permutation(data.features)
        return lambda x: x[:, order]
    return lambda x: _turned(x, np.pi * index / data.count)


def _turned(x: Floats, angle: float) -> Floats:
    """Rows turned by `angle` in the plane of each pair of features; an odd last one stays."""
    turned = x.copy()
    first, second = x[:, 0 : x.shape[1] - 1 : 2], x[:, 1::2]
    turned[:, 0 : x.shape[1] - 1 : 2] = np.cos(angle) * first - np.sin(angle) * second
    turned[:, 1::2] = np.sin(angle) * first + np.cos(angle) * second
    return turned


def _viewed(base: FixedSource, view: View) -> FixedSource:
    return replace(base, x_train=float32(view(base.x_train)), x_val=float32(view(base.x_val)))


def _of_classes(base: FixedSource, classes: Ints) -> FixedSource:
    """Training and validation rows of these classes only."""
    held = np.isin(base.y_val, classes)
    source = apply_phase(base, classes=[int(number) for number in classes])
    return replace(source, x_val=base.x_val[held], y_val=base.y_val[held])
