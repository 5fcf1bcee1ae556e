"""What may be done to run files from outside the runs: not while an engine writes them."""

import contextlib
from pathlib import Path

from nnlab.client.runtime import Engine, engines
from nnlab.errors import UserError
from nnlab.runs import tags

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite may have left beside a database, by how its name ends."""


def in_use() -> frozenset[Path]:
    """The run files that engines are writing now; none where that cannot be found out."""
    try:
        return frozenset(Path(engine.record) for engine in engines() if engine.record)
    except UserError:
        return frozenset()


def writer(path: Path) -> Engine | None:
    """The engine that is writing the run file now; None where that cannot be found out. Raises nothing."""
    try:
        return next((engine for engine in engines() if engine.record and Path(engine.record) == path.absolute()), None)
    except UserError:
        return None


def must_be_free(path: Path) -> None:
    """Raises UserError if an engine is writing the run file."""
    if path.absolute() in in_use():
        raise UserError(f"{path} is still being trained; end that run first")


def delete(path: Path) -> None:
    """Delete a run file and its tags. Raises UserError if it is in use or cannot be deleted."""
    must_be_free(path)
    try:
        path.unlink()
    except OSError as error:
        raise UserError(f"cannot delete {path}: {error.strerror}") from None
    for ending in BESIDE:
        with contextlib.suppress(OSError):
            path.with_name(path.name + ending).unlink()
    with contextlib.suppress(UserError):
        tags.put(path, ())
