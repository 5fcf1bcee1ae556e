"""Histograms of each layer's weights, activations or gradient, from inspections of these kinds."""

import numpy as np

from nnlab.ui import format as write
from nnlab.ui.charts.histogram_rows import Histogram, HistogramRows
from nnlab.wire.events import Inspected


def histograms(found: Inspected) -> HistogramRows:
    """A histogram for each layer, in forward order."""
    counts = np.frombuffer(found.get("counts")).reshape(len(found.texts), -1)
    bounds = zip(*(found.get(name) for name in ("low", "high", "mean", "std", "nonfinite")), strict=True)
    rows = tuple(
        Histogram(name, low, high, counts[place], mean, std, round(nonfinite))
        for place, (name, (low, high, mean, std, nonfinite)) in enumerate(zip(found.texts, bounds, strict=True))
    )
    return HistogramRows(found.what, f"step {write.count(found.step)}", rows)
