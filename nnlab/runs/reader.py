"""Reading a run file, also while another process writes it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from nnlab.runs import journal, meta, schema
from nnlab.runs.errors import RunFileError, explained
from nnlab.wire.values import PER_STEP, Branch, RunInfo

_BUSY = 5.0
"""Seconds a read waits for a writer in the rollback-journal mode."""


class Points(NamedTuple):
    """A stretch of one series: steps (int64) in increasing order and values (float64, NaN where NULL)."""

    steps: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


class Snapshot(NamedTuple):
    """A full state of the training as it was kept; `body` as `nnlab.runs.body` packs it."""

    step: int
    branch: int
    body: bytes
    kind: Literal["start", "steady", "before", "request"]


class RunFile:
    """A run file, opened read-only. Raises RunFileError if it is missing, damaged, newer or not a run file."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.format = schema.FORMAT
        """Version of its tables."""
        if not self.path.is_file():
            raise RunFileError(f"there is no run file {self.path}")
        self._connection = _open(self.path)
        try:
            with explained("read", self.path):
                self._check()
                self.meta = dict(self._connection.execute("SELECT key, value FROM meta"))
            self.info = self._info()
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def names(self) -> tuple[str, ...]:
        """Every recorded series, in the order in which they first appeared."""
        with explained("read", self.path):
            return tuple(name for (name,) in self._connection.execute("SELECT name FROM series ORDER BY id"))

    def branches(self) -> tuple[Branch, ...]:
        """All lines of the run, parents before their children; the first has id 0."""
        with explained("read", self.path):
            rows = self._connection.execute("SELECT id, parent, step, name FROM branches ORDER BY id").fetchall()
        return tuple(Branch(*row) for row in rows)

    @property
    def branch(self) -> int:
        """The current branch: the one that was trained last."""
        return int(self.meta.get("branch", "0"))

    def line(self, branch: int | None = None) -> list[tuple[int, int]]:
        """Where the line of a branch (the current one) comes from: (branch, step at which the next one takes over)."""
        tree = {one.id: one for one in self.branches()}
        found, stop = [], schema.ENDLESS
        at = self.branch if branch is None else branch
        while at in tree:
            found.append((at, stop))
            at, stop = tree[at].parent, tree[at].step
        return found[::-1]

    def series(self, name: str, start: int = 0, stop: int = 2**62, branch: int | None = None) -> Points:
        """Points with start ≤ step < stop of a series, on the line of a branch (the current one); maybe none."""
        inclusive = name not in PER_STEP
        query = """SELECT points.step, points.value FROM points JOIN series ON series.id = points.series
                   WHERE series.name = ? AND points.branch = ? AND points.step >= ? AND points.step < ?
                   ORDER BY points.step"""
        rows: list[tuple[int, float | None]] = []
        for source, end in self.line(branch):
            with explained("read", self.path):
                rows += self._connection.execute(query, (name, source, start, min(stop, end + inclusive))).fetchall()
        if not rows:
            return Points(np.empty(0, np.int64), np.empty(0))
        steps, values = zip(*rows, strict=True)
        try:
            points = Points(np.array(steps, np.int64), np.array(values, np.float64))
        except (ValueError, TypeError, OverflowError) as error:
            raise RunFileError(f"cannot read the run file {self.path}: {name} is damaged") from error
        if (np.diff(points.steps) < 0).any():
            raise RunFileError(f"cannot read the run file {self.path}: {name} is damaged")
        return points

    def glimpses(self, name: str, steps: int, places: int, each: int) -> tuple[float, ...]:
        """Means of `each` neighbouring values at `places` places along `steps` steps of the current line.

        Only those points are read, so a long series costs no more than a short one; a place that has none is left out,
        one with a value that is not finite is NaN.
        """
        query = """SELECT avg(value), count(value), count(*) FROM (SELECT points.value AS value FROM points
                   WHERE points.series = (SELECT id FROM series WHERE name = ?) AND points.branch = ?
                   AND points.step >= ? AND points.step < ? ORDER BY points.step LIMIT ?)"""
        edges, found = self.line(), []
        for place in range(places):
            start, end = steps * place // places, max(steps * (place + 1) // places, steps * place // places + 1)
            source = next(branch for branch, stop in edges if start < stop)
            with explained("read", self.path):
                ((mean, finite, count),) = self._connection.execute(query, (name, source, start, end, each)).fetchall()
            if count:
                found.append(float("nan") if finite < count or not np.isfinite(mean) else float(mean))
        return tuple(found)

    def done(self, branch: int | None = None) -> int:
        """Steps done on the line of a branch (the current one), as far as the recorded points show."""
        query = (
            """SELECT name, (SELECT max(step) FROM points WHERE points.series = series.id AND branch = ?) FROM series"""
        )
        path = self.line(branch)
        with explained("read", self.path):
            rows = self._connection.execute(query, (path[-1][0],)).fetchall()
        begun = path[-2][1] if len(path) > 1 else 0
        return max((step + (name in PER_STEP) for name, step in rows if step is not None), default=begun)

    def events(self, kind: str | None = None, branch: int | None = None) -> list[journal.Recordable]:
        """What happened on the line of a branch (the current one), in order; only rows of one kind if it is given."""
        found: list[journal.Recordable] = []
        for source, stop in self.line(branch):
            found += [event for event in self.own_events(source, kind) if event.step < stop]
        return found

    def own_events(self, branch: int, kind: str | None = None) -> list[journal.Recordable]:
        """What happened on a branch since it began, in order; only rows of one kind if it is given."""
        query = "SELECT step, kind, body FROM events WHERE branch = ? AND kind = coalesce(?, kind) ORDER BY seq"
        with explained("read", self.path):
            rows = self._connection.execute(query, (branch, kind)).fetchall()
        try:
            found = [journal.from_row(*row) for row in rows]
        except ValueError as error:
            raise RunFileError(f"cannot read the run file {self.path}: its events are damaged ({error})") from error
        return [event for event in found if event is not None]

    def snapshots(self) -> Iterator[Snapshot]:
        """Every snapshot that was kept, by branch and step."""
        with explained("read", self.path):
            rows = self._connection.execute("SELECT step, branch, body, kind FROM snapshots ORDER BY branch, step")
            for row in rows:
                yield Snapshot(*row)

    def _check(self) -> None:
        if schema.pragma(self._connection, "application_id") != schema.APPLICATION_ID:
            raise RunFileError(f"{self.path} is not a run file of nnlab")
        version = self.format = schema.pragma(self._connection, "user_version")
        if version > schema.FORMAT:
            raise RunFileError(
                f"{self.path} was written by a newer nnlab (format {version}; this one reads up to {schema.FORMAT})"
            )
        if version < schema.FORMAT:
            self._connection.executescript(schema.V1)

    def _info(self) -> RunInfo:
        try:
            return meta.from_rows(self.meta)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RunFileError(f"cannot read the run file {self.path}: what it says of the run is damaged") from error


def _open(path: Path) -> sqlite3.Connection:
    """A read-only connection; a file left in WAL mode where nothing can be written is read as it stands."""
    uri = path.resolve().as_uri()
    for options in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(
            f"{uri}?{options}", uri=True, timeout=_BUSY, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            connection.close()
            cannot_open = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
            if not cannot_open or "immutable" in options:
                raise RunFileError(f"cannot read the run file {path}: {error}") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where a message quotes the damage
            connection.close()
            raise RunFileError(f"{path} is not a run file of nnlab, or it is damaged") from error
        else:
            return connection
    raise RunFileError(f"cannot read the run file {path}")
