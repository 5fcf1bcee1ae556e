"""What screens ask of the app."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from textual.message import Message

from nnlab.wire.values import KnobValue

Section = Literal["scenarios", "runs", "mysteries"]
"""What one can choose from in the gallery."""


@dataclass
class OpenScenario(Message):
    """Open the lab on a scenario: a bundled or user scenario by name, a file by path, or a mystery by its code."""

    target: str


@dataclass
class ResumeRun(Message):
    """Let a recorded run that was interrupted go on, in its own file; or come to the engine that trains it now."""

    path: str


@dataclass
class Again(Message):
    """Begin the present scenario again with a new engine and these scenario keys changed.

    `proofs` are what trials have proved of them, for the journal of the new run; `then` is an action of its screen.
    """

    settings: Mapping[str, KnobValue] = field(default_factory=dict)
    proofs: tuple[str, ...] = ()
    then: str = ""


@dataclass
class ToGallery(Message):
    """Leave the run and choose from this section; None: from the one that was chosen from last."""

    section: Section | None = None
