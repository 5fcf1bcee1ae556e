"""What a line chart draws: lines and marks."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Texture = Literal["solid", "dashed", "dotted", "dash-dotted", "sparse"]
"""How a line is broken up, so that lines differ without colour. Sparse is for ghosts."""

TEXTURES: dict[str, Texture] = {
    "train": "solid",
    "val": "dashed",
    "probe": "dotted",
    "good": "solid",
    "warn": "dashed",
    "bad": "dashed",
    "accent": "solid",
    "ghost": "sparse",
    "s1": "solid",
    "s2": "dashed",
    "s3": "dotted",
    "s4": "solid",
    "s5": "dashed",
    "s6": "dotted",
}
"""The texture that goes with a role of the theme."""

BRANCH_TEXTURES: tuple[Texture, ...] = ("dash-dotted", "dotted", "dashed")
"""Textures of the first, second and third branch beside a run; they begin again after that."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A series as a chart draws it, one entry per bucket of steps (a bucket may hold a single step).

    `steps` (increasing), `low`, `high` and `mean` are equally long: the band between low and high is drawn faintly
    behind the mean; a bucket without finite values (mean NaN) is a gap. `role` names a colour of the theme ("train",
    "val", "probe", "good", "warn", "bad", "accent", "ghost", "s1" … "s6") and with it a texture, unless `texture` says
    another. `nonfinite` holds the steps at which the series was NaN or infinite. `value` is the number written beside
    the label, None for none. `brief` is the label where there is no room for it. A `faint` line lies behind the others,
    without a band.
    """

    label: str
    steps: Ints
    low: Floats
    high: Floats
    mean: Floats
    role: str
    nonfinite: Ints | None = None
    value: float | None = None
    brief: str = ""
    texture: Texture | None = None
    faint: bool = False

    @property
    def drawn(self) -> Texture:
        """The texture that it is drawn with."""
        return self.texture or TEXTURES.get(self.role, "solid")

    @property
    def weight(self) -> Literal["plain", "faint"]:
        """Of the ink that it is drawn and named with; a ghost has a faint colour of its own."""
        return "faint" if self.faint and self.role != "ghost" else "plain"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at `step`. `kind`: knob, finding, phase, drift, note, snapshot, guard."""

    step: int
    kind: str
    label: str


def as_branch(line: Line, label: str, number: int) -> Line:
    """The line as branch `number` (0, 1, …) beside a run: the same colour, a texture of its own."""
    return replace(line, label=label, brief="", texture=BRANCH_TEXTURES[number % len(BRANCH_TEXTURES)])
