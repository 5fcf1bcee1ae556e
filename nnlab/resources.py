"""Where files live: what ships with nnlab, and the user's own folders.

Nothing here creates a folder; whoever writes does that. Environment variables follow the XDG base directories.
"""

import os
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def bundled(kind: str) -> Path:
    """Folder of the files of a kind ("scenarios", "themes") that ship with nnlab; it need not exist.

    A wheel carries them inside the package; a checkout has them beside it.
    """
    inside = PACKAGE / "_bundled" / kind
    return inside if inside.is_dir() else PACKAGE.parent / kind


def user_folder(kind: str) -> Path:
    """Folder of the user's own files of a kind ("scenarios", "themes"); or a file among them ("arrangement.json")."""
    return _xdg("XDG_CONFIG_HOME", ".config") / "nnlab" / kind


def runs_folder() -> Path:
    """Folder of recorded runs: `NNLAB_RUNS`, or nnlab's folder among the user's data."""
    chosen = os.environ.get("NNLAB_RUNS")
    return Path(chosen).expanduser() if chosen else _xdg("XDG_DATA_HOME", ".local/share") / "nnlab" / "runs"


def runtime_folder() -> Path:
    """Folder of sockets and engine logs, for this user alone (to be made with mode 0700)."""
    chosen = os.environ.get("XDG_RUNTIME_DIR")
    return Path(chosen) / "nnlab" if chosen else Path(tempfile.gettempdir()) / f"nnlab-{os.getuid()}"


def _xdg(variable: str, fallback: str) -> Path:
    chosen = os.environ.get(variable)
    return Path(chosen) if chosen else Path.home() / fallback
