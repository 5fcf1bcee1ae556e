"""What can go wrong with a run file, in sentences."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from nnlab.errors import UserError


class RunFileError(UserError):
    """A run file cannot be written or read; the message says which and why."""


@contextlib.contextmanager
def explained(action: str, path: Path) -> Iterator[None]:
    """Turn SQLite's errors into RunFileError, and those of text that is none; `action` is `write` or `read`."""
    try:
        yield
    except sqlite3.Error as error:
        reason = {
            "SQLITE_FULL": "the disk is full",
            "SQLITE_READONLY": "it is read-only",
            "SQLITE_BUSY": "another program keeps it locked",
            "SQLITE_CORRUPT": "it is damaged",
            "SQLITE_NOTADB": "it is not a run file",
        }.get(getattr(error, "sqlite_errorname", ""), str(error))
        raise RunFileError(f"cannot {action} the run file {path}: {reason}") from error
    except UnicodeDecodeError as error:
        raise RunFileError(f"cannot {action} the run file {path}: it is damaged") from error
