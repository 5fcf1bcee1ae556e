"""Where running engines are found: a private folder with one socket, one log and one spec per engine.

The folder is $XDG_RUNTIME_DIR/nnlab, or /tmp/nnlab-<uid> where that is not set. It must be ours and closed to others:
whoever can write there could put a socket of their own in an engine's place.
"""

import contextlib
import json
import os
import secrets
import socket
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nnlab.errors import UserError

SOCKET_PATH_LIMIT = 103
"""Bytes of a Unix socket's path: sun_path of macOS without its zero byte (Linux takes 107)."""

_NAME_LENGTH = len("/0123456789ab.sock")

_KEPT = 7 * 24 * 3600.0
"""Seconds after which logs of engines that are gone are deleted."""


class RuntimeFolderError(UserError):
    """The folder for engine sockets cannot be used."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one engine; `id` names it in `nnlab ps`."""

    folder: Path
    id: str

    @property
    def socket(self) -> Path:
        """The Unix socket that it serves."""
        return self.folder / f"{self.id}.sock"

    @property
    def log(self) -> Path:
        """Its standard output and standard error."""
        return self.folder / f"{self.id}.log"

    @property
    def spec(self) -> Path:
        """What it was told to train."""
        return self.folder / f"{self.id}.json"

    def clear(self) -> None:
        """Delete all of them."""
        for path in (self.socket, self.spec, self.log):
            with contextlib.suppress(OSError):
                path.unlink()


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine as `nnlab ps` lists it. It writes the run file `record`; `started` in seconds since 1970."""

    place: Place
    scenario: str
    seed: int
    record: str
    started: float
    aside: bool = False
    """Whether it trains a fork of another engine's run, or reads a recorded one again, for as long as someone waits."""


def folder() -> Path:
    """The private folder, made if it is missing. Raises RuntimeFolderError."""
    chosen = os.environ.get("XDG_RUNTIME_DIR")
    private = Path(chosen) / "nnlab" if chosen else None
    if private is None or not _usable(private.parent) or len(os.fsencode(private)) + _NAME_LENGTH > SOCKET_PATH_LIMIT:
        private = Path("/tmp") / f"nnlab-{os.getuid()}"
    try:
        private.mkdir(mode=0o700, exist_ok=True)
        status = private.lstat()
    except OSError as error:
        raise RuntimeFolderError(f"cannot make {private} for engine sockets: {error.strerror or error}") from None
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) & 0o077:
        raise RuntimeFolderError(
            f"{private} is not a folder of yours that is closed to others; "
            f"put it right with: chmod 700 {private}, or set XDG_RUNTIME_DIR to a folder of your own"
        )
    return private


def new_place() -> Place:
    """Names for an engine about to start. Raises RuntimeFolderError."""
    return Place(folder(), secrets.token_hex(6))


def engines() -> Iterator[Engine]:
    """Every engine that answers, oldest first; what dead ones left behind is cleared away."""
    private = folder()
    found = [Place(private, path.stem) for path in private.glob("*.sock")]
    for place in sorted(found, key=lambda place: _modified(place.spec)):
        if not _answers(place.socket):
            with contextlib.suppress(OSError):
                place.socket.unlink()
            continue
        told = _told(place.spec)
        reads = bool(told.get("rereads"))
        yield Engine(
            place,
            str(told.get("name", "?")),
            int(str(told.get("seed", 0))),
            "" if reads else str(told.get("record", "")),
            _modified(place.spec),
            reads or bool(told.get("start")),
        )
    _sweep(private)


def _usable(path: Path) -> bool:
    return path.is_dir() and os.access(path, os.W_OK | os.X_OK)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def _told(spec: Path) -> dict[str, object]:
    try:
        told = json.loads(spec.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _sweep(private: Path) -> None:
    """Delete what engines that are gone left more than a week ago."""
    for path in private.iterdir():
        orphan = path.suffix in (".log", ".json") and not path.with_suffix(".sock").exists()
        if orphan and time.time() - _modified(path) > _KEPT:
            with contextlib.suppress(OSError):
                path.unlink()
