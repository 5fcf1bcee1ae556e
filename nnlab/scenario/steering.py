"""`[[script]]`, `[expect]`: what happens during a run and what must come of it."""

from typing import Annotated, Literal

from pydantic import Field

from nnlab.scenario.base import Fraction, Part

FailureMode = Literal[
    "exploding-gradients", "vanishing-gradients", "no-gradient", "nonfinite", "lr-too-high", "lr-too-low", "plateau",
    "underfitting", "overfitting", "over-regularised", "dead-units", "saturated-units", "bad-init", "class-collapse",
    "label-noise", "unshuffled-data", "unscaled-inputs", "objective-mismatch", "representation-collapse",
    "false-negatives", "data-drift", "catastrophic-forgetting", "model-collapse", "batch-too-small", "batch-too-large",
    "confounded-changes",
]  # fmt: skip
Verdict = FailureMode | Literal["learning", "converged"]
KnobValue = bool | int | float | str
Setting = KnobValue | tuple[KnobValue, ...]


class Intervention(Part):
    """`[[script]]`: knobs turned, or an action taken, at a step of the run."""

    at: Annotated[int, Field(ge=0)] | None = None
    """Step before which it happens (exactly one of at and at_epoch)."""
    at_epoch: Annotated[int, Field(ge=0)] | None = None
    set: dict[str, KnobValue] = Field(default={})
    """Knobs and their new values."""
    action: Literal["snapshot", "rewind", "pause", "note"] | None = None
    step: Annotated[int, Field(ge=0)] | None = None
    """Of rewind: where to."""
    text: str = ""
    """Of note, and shown in the journal."""


class Expect(Part):
    """`[expect]`: what a headless run of the scenario must show; `nnlab verify` checks it."""

    finding: Verdict | None = None
    """Must stand as the headline at some evaluation up to by_step."""
    by_step: Annotated[int, Field(ge=1)] | None = None
    cure: dict[str, KnobValue] = Field(default={})
    """Knobs turned as soon as the finding stands, in a second run."""
    restart: dict[str, Setting] = Field(default={})
    """Keys set for a second run from the beginning, where no turn of a knob can cure (instead of cure)."""
    cured_by_step: Annotated[int, Field(ge=1)] | None = None
    """Step by which the second run's verdict must be healthy."""
    verdict: Verdict | None = None
    """Verdict at the end of the run."""
    never: tuple[FailureMode, ...] | Literal["any"] = ()
    """Findings that must not stand at any time."""
    val_accuracy: Fraction | None = None
    """Least last validation accuracy (of the second run where there is one)."""
    val_loss: float | None = None
    """Largest last validation loss, likewise."""
    train_loss: float | None = None
    """Largest last training loss, likewise."""
