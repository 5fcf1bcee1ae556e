"""What the engine is told when it starts: one JSON file, named as the only argument."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


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
    probes: bool = True
    """False measures nothing but loss and gradient norm (tests compare the parameters with and without)."""


def read_spec(path: Path) -> Spec:
    """The spec in a file written by the client."""
    return Spec(**json.loads(path.read_text(encoding="utf-8")))
