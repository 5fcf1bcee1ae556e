"""Which class is taken for which, from an inspection of the kind `confusion`."""

import numpy as np

from nnlab.ui import format as write
from nnlab.ui.charts.matrix import Matrix
from nnlab.wire.events import Inspected


def confusion(found: Inspected) -> Matrix:
    """Validation rows by true and predicted class."""
    counts = np.frombuffer(found.get("matrix"))
    classes = round(len(counts) ** 0.5)
    return Matrix("confusion", f"step {write.count(found.step)}", counts.reshape(classes, classes), found.texts)
