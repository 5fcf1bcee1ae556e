"""What a rule is, and what it answers at a look."""

from collections.abc import Callable
from dataclasses import dataclass

from nnlab.diagnosis.finding import Evidence, Remedy, Severity
from nnlab.diagnosis.look import Look


@dataclass(frozen=True, slots=True)
class Reading:
    """What a rule measured at one look.

    `strength` is the measure over its threshold: 1 and more argues for the mode, under one half against it, between
    them the matter stays as it is. `explains` adds to the symptoms that this mode always explains.
    """

    strength: float
    headline: str = ""
    because: str = ""
    since_step: int = 0
    severity: Severity = "warning"
    confidence: float = 0.9
    evidence: tuple[Evidence, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    explains: tuple[str, ...] = ()


Answer = Reading | str | None
"""A reading; a sentence fragment saying what the rule still lacks; None: looked, and nothing of the kind."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One failure mode. `check` must be a pure function of the look.

    `needs` are the series without which the rule is not applicable; the first is its clock: a reading counts once for
    each new point of it (each boundary where `needs` is empty). It alarms when `confirm[0]` of the last `confirm[1]`
    readings argue for the mode and clears after `clear` in a row against it. `patient` rules keep still for a quiet
    period after every knob turn.
    """

    mode: str
    check: Callable[[Look], Answer]
    needs: tuple[str, ...] = ()
    confirm: tuple[int, int] = (2, 3)
    clear: int = 3
    patient: bool = True
