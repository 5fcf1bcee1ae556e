"""Starting an engine: a process of its own, in a session of its own, told what to do by a JSON file.

`subprocess` and not `multiprocessing`, which cannot start anything from inside a running Textual app; a session of its
own, so that ctrl+c in the terminal reaches the client only, which then ends the engine in good order.
"""

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from nnlab.client.runtime import Place, RuntimeFolderError, new_place

ENGINE = "nnlab.engine"
"""The module that is run (tests put a small one in its place)."""

_TAIL = 4000
"""Characters of a log that are shown."""


@dataclass(frozen=True, slots=True)
class Aside:
    """An engine that works for this process alone: it ends when this process lets go of it, however that comes about.
    `start` is a snapshot's body to start from; see `nnlab.engine.spec.Spec` for the rest.
    """

    start: str = ""
    reorder: int = 0
    nice: int = 10
    rereads: bool = False


class Dumpable(Protocol):
    """A scenario (see `nnlab.scenario.scenario`)."""

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        """All of it as plain data."""
        ...


class Startable(Protocol):
    """A loaded scenario (see `nnlab.scenario.load`)."""

    @property
    def scenario(self) -> Dumpable:
        """What to train."""
        ...

    @property
    def name(self) -> str:
        """Its short name."""
        ...

    @property
    def text(self) -> str:
        """Its TOML."""
        ...

    @property
    def base_dir(self) -> Path:
        """What relative paths in it are relative to."""
        ...


def launch(
    loaded: Startable, *, seed: int, device: str, record: str, paused: bool, pace: float, resume: bool = False,
    aside: Aside | None = None,
) -> tuple[Place, "subprocess.Popen[bytes]"]:  # fmt: skip
    """Start an engine; returns at once, long before it listens. Raises RuntimeFolderError."""
    place = new_place()
    spec = {
        "scenario": loaded.scenario.model_dump(mode="json"),
        "name": loaded.name,
        "toml": loaded.text,
        "base_dir": str(loaded.base_dir),
        "seed": seed,
        "device": device,
        "record": record,
        "socket": str(place.socket),
        "log": str(place.log),
        "paused": paused,
        "pace": pace,
        "resume": resume,
    }
    if aside is not None:
        spec |= asdict(aside) | {"leashed": True, "parent": os.getpid()}
    try:
        _write_private(place.spec, json.dumps(spec))
        _write_private(place.log, "")
        with place.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", ENGINE, str(place.spec)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment(),
            )
    except OSError as error:
        place.clear()
        raise RuntimeFolderError(f"cannot start the engine: {error.strerror or error}") from None
    return place, process


def log_tail(path: Path) -> str:
    """The end of an engine's log, whole lines; empty if there is none."""
    with contextlib.suppress(OSError):
        text = path.read_bytes()[-_TAIL:].decode(errors="replace")
        return text if len(text) < _TAIL else text.partition("\n")[2]
    return ""


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def environment() -> dict[str, str]:
    """Ours, and the engine finds the very package that starts it, from whatever folder it is started."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    known = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((root, known)) if known else root}
