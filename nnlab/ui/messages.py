"""What screens ask of the app."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.message import Message

from nnlab.wire.values import KnobValue


@dataclass
class OpenScenario(Message):
    """Open the lab on a scenario: a bundled or user scenario by name, or a file by path."""

    target: str


@dataclass
class ResumeRun(Message):
    """Let a recorded run that was interrupted go on, in its own file."""

    path: str


@dataclass
class Again(Message):
    """Begin the present scenario again with a new engine and these scenario keys changed.

    `proofs` are what trials have proved of them, for the journal of the new run.
    """

    settings: Mapping[str, KnobValue] = field(default_factory=dict)
    proofs: tuple[str, ...] = ()


@dataclass
class ToGallery(Message):
    """Leave the run and choose another scenario, or with `runs` a recorded run; None: what was chosen from last."""

    runs: bool | None = None
