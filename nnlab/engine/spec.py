"""What the engine is told when it starts: one JSON file, named as the only argument."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab.wire.values import KnobValue


@dataclass(frozen=True, slots=True)
class Spec:
    """`scenario` is the validated scenario as plain data; an empty `record` writes no run file."""

    scenario: dict[str, Any]
    name: str
    toml: str
    base_dir: str
    seed: int
    device: str
    record: str
    socket: str
    log: str
    paused: bool = False
    pace: float = 0.0
    idle_seconds: float = 60.0
    """An engine that neither trains nor has a client ends itself after this long."""
    resume: bool = False
    """Go on with the run in the file `record`, at the end of its current line."""
    rereads: bool = False
    """With `resume`: stand at the beginning of that run, to be sent to its steps, and leave its file as it is."""
    start: str = ""
    """Path of a snapshot's body (`nnlab.runs.body`) to start from, of a run with the same data, model and seed: steps
    count on from its own. Empty starts at step 0."""
    turns: dict[str, KnobValue] = field(default_factory=dict)
    """Knobs to turn before the first step, in this order."""
    reorder: int = 0
    """Another seed for the order of the batches from the start on; 0 keeps the run's own."""
    leashed: bool = False
    """End as soon as no client is connected any more, training or not: an engine that works for another process."""
    parent: int = 0
    """Process that a leashed engine works for: it may be gone before it has come as a client. 0 if that is not told."""
    nice: int = 0
    """How far the process stands back for others (see `os.nice`)."""
    probes: bool = True
    """False measures nothing but loss and gradient norm (tests compare the parameters with and without)."""


def read_spec(path: Path) -> Spec:
    """The spec in a file written by the client."""
    return Spec(**json.loads(path.read_text(encoding="utf-8")))
