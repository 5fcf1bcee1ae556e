"""One histogram for each layer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from nnlab.engine.inspections.payload import Payload, chosen, resolution

BINS = 40
MOST_BINS = 512
Floats = NDArray[np.float64]


def by_layer(named: Sequence[tuple[str, Tensor]], layer: str, asked: int) -> Payload:
    """Histograms of the tensors of all layers, or of one, in `asked` bins. Raises InspectionError."""
    bins = resolution(asked, BINS, MOST_BINS)
    kept = [named[place] for place in chosen([name for name, _ in named], layer)]
    values = [as_floats(tensor) for _, tensor in kept]
    finite = [one[np.isfinite(one)] for one in values]
    ranges = [span(one) for one in finite]
    return Payload(
        {
            "low": np.array([low for low, _ in ranges]),
            "high": np.array([high for _, high in ranges]),
            "counts": np.array(
                [np.histogram(one, bins, limits)[0] for one, limits in zip(finite, ranges, strict=True)]
            ),
            "mean": np.array([one.mean() if len(one) else np.nan for one in finite]),
            "std": np.array([one.std() if len(one) else np.nan for one in finite]),
            "nonfinite": np.array([len(all_) - len(one) for all_, one in zip(values, finite, strict=True)]),
        },
        tuple(name for name, _ in kept),
    )


def as_floats(tensor: Tensor) -> Floats:
    """The numbers of a tensor, flat."""
    flat: Floats = tensor.detach().cpu().double().numpy().reshape(-1)
    return flat


def span(values: Floats) -> tuple[float, float]:
    """Bounds of finite values, never equal; 0 and 1 where there are none."""
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low > 1e-9 * max(abs(low), abs(high)):
        return low, high
    room = 0.5 * max(abs(low), 1.0)  # all values alike stand in the middle
    return low - room, high + room
