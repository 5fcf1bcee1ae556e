"""How the user wants the values of a line chart to be shown: axis and smoothing."""

from dataclasses import dataclass
from typing import Literal

Axis = Literal["", "linear", "log"]

LENGTHS = (0.0, 0.01, 0.03, 0.1)
"""Smoothing lengths to choose from, as shares of the axis; 0 is none."""


@dataclass(frozen=True, slots=True)
class Style:
    """`axis` "" is the chart's own choice; `smooth` is the smoothing length as a share of the step axis, 0 for none."""

    axis: Axis = ""
    smooth: float = 0.0


OWN = Style()
"""As the chart shows itself."""
