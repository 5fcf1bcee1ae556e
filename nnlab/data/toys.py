"""What the generated toy sets share: the order of their rows and the names of their columns."""

import numpy as np
from numpy.typing import NDArray

from nnlab.data.fixed import Ints
from nnlab.data.prepare import Examples

Points = NDArray[np.float64]


def sorted_classes(samples: int, classes: int) -> Ints:
    """Class numbers [samples], ascending, each class as often as the others (the first ones once more if need be)."""
    return np.sort(np.arange(samples, dtype=np.int64) % classes)


def classification(x: Points, y: Ints, classes: int) -> Examples:
    """Labelled points as examples, sorted by class."""
    order = np.argsort(y, kind="stable")
    return Examples(
        x=x[order],
        y=y[order],
        task="classification",
        feature_names=tuple(f"x{i}" for i in range(x.shape[1])),
        target_names=("class",),
        class_names=tuple(str(k) for k in range(classes)),
    )


def regression(x: Points, y: Points) -> Examples:
    """Points with targets [n, targets] as examples, sorted by the first target (regression's kin of "by class")."""
    order = np.argsort(y[:, 0], kind="stable")
    return Examples(
        x=x[order],
        y=y[order],
        task="regression",
        feature_names=tuple(f"x{i}" for i in range(x.shape[1])),
        target_names=("y",) if y.shape[1] == 1 else tuple(f"y{i}" for i in range(y.shape[1])),
    )
