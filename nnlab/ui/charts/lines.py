"""What a line chart draws: lines and marks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A series as a chart draws it, one entry per bucket of steps (a bucket may hold a single step).

    `steps` (increasing), `low`, `high` and `mean` are equally long: the band between low and high is drawn faintly
    behind the mean. `role` names a colour of the theme ("train", "val", "probe", "good", "warn", "bad", "accent",
    "ghost", "s1" … "s6") and with it a texture, so that colour is never the only cue. `nonfinite` holds the steps at
    which the series was NaN or infinite. `last` is the value written in the title; the last mean where it is None.
    `brief` is the label where there is no room for it.
    """

    label: str
    steps: Ints
    low: Floats
    high: Floats
    mean: Floats
    role: str
    nonfinite: Ints | None = None
    last: float | None = None
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at `step`. `kind`: knob, finding, phase, drift, note, snapshot, guard."""

    step: int
    kind: str
    label: str
