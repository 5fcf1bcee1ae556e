"""What an inspection hands back, and how it says that there is nothing to see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


class InspectionError(ValueError):
    """This run has nothing of the kind; the message says why, or what there is instead."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Arrays by name (any shape, told flat), and texts; see `nnlab.wire.events.Inspected`."""

    values: Mapping[str, NDArray[np.generic]]
    texts: tuple[str, ...] = ()


def resolution(asked: int, usual: int, most: int) -> int:
    """The number of bins, points or rows to use; 0 asks for the usual. Raises InspectionError beyond 2 … `most`."""
    if asked and not 2 <= asked <= most:
        raise InspectionError(f"resolution {asked} is not from 2 to {most} (0 takes the usual {usual})")
    return asked or usual


def chosen(names: Sequence[str], layer: str) -> list[int]:
    """Places of the layers asked for among `names`; "" asks for all. Raises InspectionError for one not there."""
    if layer and layer not in names:
        raise InspectionError(f"there is no layer {layer} here; there are {', '.join(names)}")
    return [place for place, name in enumerate(names) if layer in ("", name)]
