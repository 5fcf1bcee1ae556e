"""Writing a run file while the run goes on.

The database is in WAL mode, so that any other process can read while the engine writes, and every flush is one
transaction: killing the process at any moment leaves a file that opens and ends at the last flush. WAL needs shared
memory between the processes, which network file systems do not have; there the rollback journal is used instead.
"""

import contextlib
import json
import math
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from nnlab.runs import journal, meta, schema
from nnlab.runs.errors import RunFileError, explained
from nnlab.wire.values import Branch, RunInfo

_NETWORK = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs", "lustre", "fuse.")
"""Beginnings of the names of file systems where two processes may not see the same shared memory."""

_BUSY = 5.0
"""Seconds a write waits for another process that holds the file."""


class Recorder:
    """The run file under construction. Used by one thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._points: list[tuple[int, int, int, float | None]] = []

    @classmethod
    def create(cls, path: str | Path, info: RunInfo) -> Self:
        """A new run file that holds what is known of the run. Raises RunFileError, also if the file exists."""
        path = Path(path)
        _claim(path)
        with explained("write", path):
            connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY, check_same_thread=False)
            _prepare(connection, path)
            recorder = cls(path, connection)
            recorder.meta(meta.to_rows(info))
            recorder.flush()
            return recorder

    @classmethod
    def reopen(cls, path: str | Path) -> Self:
        """The file of a run that goes on. Raises RunFileError; the caller has seen that it is one of ours (RunFile)."""
        path = Path(path)
        with explained("write", path):
            connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY, check_same_thread=False)
            _set_journal(connection, path)
            recorder = cls(path, connection)
            recorder._ids = {name: number for number, name in connection.execute("SELECT id, name FROM series")}
            recorder._begin()  # a file that cannot be written is told of now
            recorder.flush()
            return recorder

    def meta(self, rows: dict[str, str]) -> None:
        """Set rows of `meta`."""
        with explained("write", self.path):
            self._begin()
            texts = [(key, _text(value)) for key, value in rows.items()]
            self._connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", texts)

    def scalars(self, series: str, steps: Sequence[int], values: Sequence[float], branch: int = 0) -> None:
        """Points of one series; equally long sequences (lists, `array`s or numpy arrays). Kept until `flush`."""
        number = self._number(series)
        rows = zip(_plain(steps), _plain(values), strict=True)
        self._points.extend((number, branch, step, None if math.isnan(value) else value) for step, value in rows)

    def event(self, step: int, kind: str, body: dict[str, Any], branch: int = 0) -> None:
        """Something that happened. Kept until `flush`."""
        row = (step, kind, _text(json.dumps(body, ensure_ascii=False)), branch)
        self._execute("INSERT INTO events (step, kind, body, branch) VALUES (?, ?, ?, ?)", row)

    def tell(self, event: journal.Recordable, branch: int = 0) -> None:
        """An event of the wire; the same as `event` with its step, kind and body."""
        self.event(*journal.to_row(event), branch)

    def snapshot(self, step: int, branch: int, body: bytes, kind: str) -> None:
        """A full state of the training; a later one of the same step and branch takes its place. Kept until `flush`."""
        self._execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?)", (step, branch, body, kind))

    def drop_snapshot(self, step: int, branch: int) -> None:
        """Forget a snapshot. Kept until `flush`."""
        self._execute("DELETE FROM snapshots WHERE step = ? AND branch = ?", (step, branch))

    def branch(self, branch: Branch) -> None:
        """A new branch, or a new name for one. Kept until `flush`."""
        row = (branch.id, branch.parent, branch.step, _text(branch.name))
        self._execute("INSERT OR REPLACE INTO branches VALUES (?, ?, ?, ?)", row)

    def current(self, branch: int) -> None:
        """The branch whose line is the run's. Kept until `flush`."""
        self._execute("INSERT OR REPLACE INTO meta VALUES ('branch', ?)", (str(branch),))

    def flush(self) -> None:
        """Make all of it durable against the death of this process.

        Raises RunFileError (disk full, file gone); what came since the last flush is lost then, the file stays whole.
        """
        points, self._points = self._points, []
        try:
            with explained("write", self.path):
                if points:
                    self._begin()
                    self._connection.executemany("INSERT OR IGNORE INTO points VALUES (?, ?, ?, ?)", points)
                if self._connection.in_transaction:
                    self._connection.execute("COMMIT")
        except RunFileError:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Flush and close; afterwards the run is one file without companions, unless a reader still has it open."""
        try:
            self.flush()
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA busy_timeout = 0")
                self._connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            self._connection.close()

    def _execute(self, statement: str, row: tuple[Any, ...]) -> None:
        with explained("write", self.path):
            self._begin()
            self._connection.execute(statement, row)

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    def _number(self, series: str) -> int:
        if series not in self._ids:
            number = len(self._ids) + 1
            self._execute("INSERT INTO series VALUES (?, ?)", (number, series))
            self._ids[series] = number
        return self._ids[series]


def _text(value: str) -> str:
    """SQLite's text is UTF-8, which has no lone surrogates (paths and pasted notes may hold them): each becomes ?."""
    return value.encode("utf-8", "replace").decode("utf-8")


def _plain(items: Sequence[Any]) -> Iterable[Any]:
    """Python numbers, which SQLite stores as such (a numpy scalar would become a blob)."""
    convert = getattr(items, "tolist", None)
    plain: Iterable[Any] = convert() if convert else items
    return plain


def _claim(path: Path) -> None:
    """Create the file, and nobody else's."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
    except FileExistsError:
        raise RunFileError(f"{path} exists already; a run file is never overwritten: choose another name") from None
    except OSError as error:
        raise RunFileError(f"cannot create the run file {path}: {error.strerror or error}") from None


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _set_journal(connection, path)
    connection.executescript(schema.TABLES)


def _set_journal(connection: sqlite3.Connection, path: Path) -> None:
    mode = "DELETE" if _on_network(path) else "WAL"
    try:
        connection.execute(f"PRAGMA journal_mode = {mode}")
    except sqlite3.OperationalError:
        connection.execute("PRAGMA journal_mode = DELETE")
    # NORMAL: durable against the death of the process; a power cut may cost the last transactions, never the file.
    connection.execute("PRAGMA synchronous = NORMAL")


def _on_network(path: Path) -> bool:
    """Whether the folder is on a network file system, as far as Linux's mount table tells."""
    folder = path.parent.resolve()
    try:
        mounts = [line.split(" ") for line in Path("/proc/self/mounts").read_text(errors="replace").splitlines()]
    except OSError:
        return False
    above = [(len(mount[1]), mount[2]) for mount in mounts if len(mount) > 2 and folder.is_relative_to(mount[1])]
    return bool(above) and max(above)[1].startswith(_NETWORK)
