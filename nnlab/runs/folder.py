"""The folder of recorded runs: where it is, and how files are named."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from nnlab.errors import UserError

SUFFIX = ".nnlab"

_WAY_OUT = "set NNLAB_RUNS to another folder, or give --no-record to run without a file"


def runs_folder() -> Path:
    """$NNLAB_RUNS, else $XDG_DATA_HOME/nnlab/runs, else ~/.local/share/nnlab/runs."""
    if chosen := os.environ.get("NNLAB_RUNS"):
        return Path(chosen).expanduser()
    return data_folder() / "runs"


def data_folder() -> Path:
    """What nnlab keeps for this user: $XDG_DATA_HOME/nnlab, else ~/.local/share/nnlab."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "nnlab"


def new_path(scenario: str, seed: int, folder: Path | None = None) -> Path:
    """A path for a new run that no file has yet: `<utc-timestamp>-<scenario>-<seed>.nnlab`."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", scenario).strip("-.")[:80] or "run"
    return unused((folder or runs_folder()) / f"{stamp}-{name}-{seed}{SUFFIX}")


def new_file(scenario: str, seed: int) -> Path:
    """An absolute path for a new run in the runs folder, which is made. Raises UserError if it cannot be written to."""
    path = new_path(scenario, seed).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder of run files, {path.parent}: {error.strerror}; {_WAY_OUT}") from None
    if not os.access(path.parent, os.W_OK):
        raise UserError(f"cannot write to the folder of run files, {path.parent}; {_WAY_OUT}")
    return path


def run_file(named: str) -> Path:
    """The run file of this path, or else of this name in the runs folder; it need not exist."""
    path = Path(named).expanduser()
    if path.exists() or path.name != named:
        return path
    kept = runs_folder() / f"{named.removesuffix(SUFFIX)}{SUFFIX}"
    return kept if kept.exists() else path


def unused(path: Path) -> Path:
    """This path, or with -2, -3, … before its suffix where it is taken."""
    candidate, number = path, 1
    while candidate.exists():
        number += 1
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return candidate
