"""What is found when one step of a recorded run is done again and looked at closely: frozen results.

Losses and gradient norms are those of the training step itself; a value that is not known is NaN.
"""

from dataclasses import dataclass
from typing import Literal

PointKind = Literal["early", "ordinary", "batch", "data", "parameters"]
"""early: too few steps before it to say what is usual; ordinary: nothing unusual; batch: this batch costs more than
others would; data: all batches do, what was known before does not; parameters: what was known before costs more too."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A row of the batch: its number, its loss, its share of the batch's, and what it is in words."""

    row: int
    loss: float
    share: float
    text: str


@dataclass(frozen=True, slots=True)
class LayerMoved:
    """Gradient norm of a layer in the step, its usual one (median of the steps before), and the first step shortly
    before at which it was out of its usual range, -1 if it was not; `strength` says how far, in robust deviations."""

    layer: str
    norm: float
    usual: float
    first: int
    strength: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The step done again without something: `text` says without what, `step` when that was, `loss` what came of it."""

    step: int
    text: str
    loss: float


@dataclass(frozen=True, slots=True)
class PointAgain:
    """Step `step` of the line of `branch`, done again.

    `recorded` is the loss in the run file, `loss` the one that came out, `exact` whether they are the same bit for bit.
    `usual_loss`, `usual_norm` are medians of the steps before. `rows` are the rows of the batch, `counted` says what
    they are; `worst` those with the largest loss. `others_loss`, `others_norm` are medians of other batches at the same
    parameters; `sample_loss`, `sample_usual` the loss of fixed training rows before this step, and its usual value.
    `layers` come in forward order, `moved` is the one that moved first ("": none). `culprit` is the step that did it,
    -1 where there is none; `tried` are counterfactuals, the one that explains the point last; `sentence` the cause.
    """

    step: int
    branch: int
    loss: float
    recorded: float
    exact: bool
    norm: float
    usual_loss: float
    usual_norm: float
    epoch: int
    counted: str
    rows: tuple[int, ...]
    worst: tuple[BatchRow, ...]
    others_loss: float
    others_norm: float
    sample_loss: float
    sample_usual: float
    layers: tuple[LayerMoved, ...]
    moved: str
    kind: PointKind
    culprit: int
    tried: tuple[WhatIf, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Near:
    """Something that happened to the run near a step: `step` of it, and what, in words."""

    step: int
    text: str


@dataclass(frozen=True, slots=True)
class PointRecalled:
    """What the record alone knows of step `step`, without doing anything again.

    `loss`, `norm` of the step and their medians in the steps before (`usual_loss`, `usual_norm`); `near` is what
    happened shortly before or after, in order, `last` what happened last before that, if nothing did.
    """

    step: int
    loss: float
    usual_loss: float
    norm: float
    usual_norm: float
    near: tuple[Near, ...]
    last: Near | None = None
