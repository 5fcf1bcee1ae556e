"""Columns of numbers over steps, as a file has them, before anything is known of what they mean."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nnlab.errors import UserError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Unit = Literal["step", "epoch", "row"]

LARGEST_STEP = 2**53
"""Steps beyond this are not whole numbers any more where a program kept them as floats."""


class MetricsError(UserError):
    """A file of metrics cannot be used; the message says which, where and what to do."""


class Column(NamedTuple):
    """Points of one column: steps (int64, strictly increasing) and values (float64; NaN and ±inf are data)."""

    steps: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Metrics:
    """All columns of a source. `unit` is what its steps count.

    `broken` has, for columns that hold something else than numbers, what was found and where.
    """

    source: str
    columns: dict[str, Column]
    unit: Unit = "step"
    broken: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Gathering:
    """Columns under construction, point by point.

    A step that a column already has takes the later value. A column whose steps go back is that of a run that was
    resumed from there (or begun anew): what it had from that step on is dropped.
    """

    def __init__(self) -> None:
        self._points: dict[str, tuple[list[int], list[float]]] = {}
        self.rewound = 0
        """How often a column went back."""

    def add(self, name: str, step: int, value: float) -> None:
        """One point."""
        steps, values = self._points.setdefault(name, ([], []))
        if steps and step <= steps[-1]:
            self.rewound += step < steps[-1]
            while steps and steps[-1] >= step:
                steps.pop()
                values.pop()
        steps.append(step)
        values.append(value)

    def columns(self) -> dict[str, Column]:
        """The columns so far, in the order in which they first appeared."""
        return {
            name: Column(np.array(steps, np.int64), np.array(values, np.float64))
            for name, (steps, values) in self._points.items()
        }

    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the points were taken."""
        if not self.rewound:
            return ()
        return ("steps go back: a resumed run; what was recorded after the point of return is dropped",)


def listed(names: "list[str] | tuple[str, ...]", most: int = 12) -> str:
    """Names in a sentence, the first few of many."""
    if not names:
        return "none"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
