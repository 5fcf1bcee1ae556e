"""What a diagnosis is made of: evidence, remedies, findings. Frozen values that the lab and the report both print."""

from dataclasses import dataclass, field
from typing import Literal

from nnlab.wire.values import KnobValue

Severity = Literal["critical", "warning", "note"]
Command = dict[str, KnobValue | dict[str, KnobValue]]
"""{"turn": knob, "to": value}, or {"action": "restart", "set": {dotted scenario key: value}}."""

HEALTHY = ("learning", "converged")
"""Verdicts of a run that nothing is wrong with."""
UNDECIDED = "undecided"
"""Verdict while there is neither a problem nor enough evidence of learning."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measured number and the threshold it was held against; `text` says both in words."""

    series: str
    text: str
    value: float
    threshold: float
    layer: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to try; `commands` does it, `rank` 1 is tried first."""

    text: str
    commands: tuple[Command, ...] = ()
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """A mode that stands, or stood. `folded_into` names the finding that explains this one."""

    mode: str
    severity: Severity
    confidence: float
    since_step: int
    detected_step: int
    cleared_step: int | None
    headline: str
    because: str = ""
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    folded_into: str | None = None

    @property
    def problem(self) -> bool:
        """Whether something is wrong: neither a note nor a healthy verdict."""
        return self.severity != "note" and self.mode not in HEALTHY


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings at one boundary.

    `headline` is the problem to look at first, None on a healthy run; `standing` and `ever` are ranked, problems
    first; `waiting` says for each rule that could not decide what it lacks.
    """

    step: int
    verdict: str
    headline: Finding | None = None
    standing: tuple[Finding, ...] = ()
    ever: tuple[Finding, ...] = ()
    waiting: dict[str, str] = field(default_factory=dict)
