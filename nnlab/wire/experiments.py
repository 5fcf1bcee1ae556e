"""What experiments find: frozen results that the commands and the lab render.

An experiment trains on copies and never touches the run. Losses are training losses as the step computes them; a value
that is not known is NaN.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from nnlab.wire.point import BatchRow, LayerMoved, PointAgain, WhatIf

CheckState = Literal["ok", "wrong", "note", "skipped"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `value` was measured, `threshold` is the limit it is judged by; `mode` names the failure
    mode (or the fault) that a wrong one points to.
    """

    name: str
    state: CheckState
    text: str
    value: float = math.nan
    threshold: float = math.nan
    layer: str = ""
    mode: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt at fitting a batch of `rows` rows; `accuracy` at its end is NaN for a regression."""

    lr: float
    rows: int
    fits: bool
    accuracy: float
    losses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class OverfitBatch:
    """The one-batch overfit test. `cause` is "" when the batch is fitted at the rate as given and nothing is wrong.

    `constant_loss` is the loss of the best constant outputs on the batch: the scale of all losses here.
    """

    fits: bool
    cause: str
    headline: str
    rows: int
    constant_loss: float
    trials: tuple[Trial, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One exponential sweep; `diverged` is the rate at which the smoothed loss passed its limit, NaN if none did.

    `steepest`, `valley` and `lowest` are rates read off the curve, NaN where it is flat; `traction` is the distance
    (sum of rates) after which half of the fall was done.
    """

    lrs: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    diverged: float
    steepest: float
    valley: float
    lowest: float
    traction: float


@dataclass(frozen=True, slots=True)
class LrRange:
    """The learning-rate range test. `low`, `high` bound the suggested range and `suggestion` lies in it (NaN if flat).

    `spread` is the largest over the smallest suggestion of the sweeps; `reach` how many times the planned steps at the
    scenario's own rate `lr` cover the traction distance.
    """

    verdict: Literal["inside", "too-low", "too-high", "flat"]
    headline: str
    lr: float
    suggestion: float
    low: float
    high: float
    spread: float
    reach: float
    sweeps: tuple[Sweep, ...]


@dataclass(frozen=True, slots=True)
class Checkup:
    """The order of diagnosis, walked until the first thing wrong; `stopped_at` is its stage, "" when healthy."""

    healthy: bool
    stopped_at: str
    headline: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Reexecuted:
    """A recorded run done again: `steps` trained on `branches` lines, `points` compared bit for bit.

    Where it is not the `same`: the first `step`, which `series` of which `branch` differs there, the value `recorded`
    and the one that came out `again` (NaN where there is none).
    """

    same: bool
    branches: int
    steps: int
    points: int
    step: int = -1
    series: str = ""
    branch: int = -1
    recorded: float = math.nan
    again: float = math.nan


@dataclass(frozen=True, slots=True)
class Stretch:
    """Batches kept from steps `first` to `end` (exclusive): medians of their loss right after they were trained on
    (`then`), at the end of the training (`now`), and of the rise in between; NaN where a loss is not finite.
    """

    first: int
    end: int
    batches: int
    then: float
    now: float
    rise: float


@dataclass(frozen=True, slots=True)
class ReplayBatches:
    """The replay of earlier batches after `steps` steps, one stretch for each part of the data in order."""

    verdict: Literal["kept", "forgotten", "diverged"]
    headline: str
    steps: int
    constant_loss: float
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Losses of one copy, read at `steps`; `label` says what it was trained on."""

    label: str
    steps: tuple[int, ...]
    losses: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Copies trained side by side: the label-shuffle check, the baselines, the test of the step's length.

    `right`: nothing is wrong. `cause` names the failure mode or fault that it points to, "" for none. `verdict` is a
    few words; `constant_loss` the loss of the best outputs that ignore the input, NaN where it plays no part.
    """

    verdict: str
    right: bool
    cause: str
    headline: str
    constant_loss: float
    courses: tuple[Course, ...]
    checks: tuple[Check, ...]


Result = OverfitBatch | LrRange | Checkup | ReplayBatches | Comparison | Reexecuted | PointAgain


def rebuilt(kind: str, plain: dict[str, Any]) -> Result:
    """The result of class `kind` from `dataclasses.asdict` of it (lists for tuples). Raises KeyError, TypeError."""
    parts: dict[str, Any] = {
        "checks": Check, "trials": Trial, "sweeps": Sweep, "stretches": Stretch, "courses": Course,
        "worst": BatchRow, "layers": LayerMoved, "tried": WhatIf,
    }  # fmt: skip
    values = {
        name: tuple(parts[name](**_tuples(item)) for item in value) if name in parts else value
        for name, value in _tuples(plain).items()
    }
    kinds: tuple[Callable[..., Result], ...] = (
        OverfitBatch, LrRange, Checkup, ReplayBatches, Comparison, Reexecuted, PointAgain,
    )  # fmt: skip
    return next(one for one in kinds if getattr(one, "__name__", "") == kind)(**values)


def _tuples(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()}
