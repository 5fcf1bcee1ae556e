"""The scoreboard: a file with a JSON object on each line, which a whole room may write to at once.

A line is appended in one write, under a lock and in append mode, so that two writers never mix theirs; a line that
makes no sense is left out.
"""

import fcntl
import getpass
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from nnlab.errors import UserError
from nnlab.mystery.code import parse
from nnlab.runs.folder import data_folder

NAME = "mystery.jsonl"
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Result:
    """One mystery played. `score` is the total; `when` is UTC, as ISO 8601."""

    code: str
    level: int
    player: str
    score: int
    named: int
    causes: int
    cured: bool
    interventions: int
    hints: int
    steps: int
    when: str


def place(chosen: str | None = None) -> Path:
    """The file that was chosen, or the user's own."""
    return Path(chosen).expanduser() if chosen else data_folder() / NAME


def player(chosen: str | None = None) -> str:
    """A name as it can stand on the board: the chosen one, or the user's own."""
    try:
        wanted = chosen or getpass.getuser()
    except OSError:
        wanted = ""
    return " ".join("".join(part for part in wanted if part.isprintable()).split())[:LONGEST_NAME] or "anonymous"


def add(path: Path, result: Result) -> None:
    """Append a result. Raises UserError where the file cannot be written."""
    line = json.dumps(asdict(result), ensure_ascii=False).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.write(handle, line)
        finally:
            os.close(handle)
    except OSError as error:
        raise UserError(f"cannot write the scoreboard {path}: {error.strerror}") from None


def results(path: Path) -> tuple[Result, ...]:
    """All results, the highest level first, then the best score, then the fewest steps. Raises UserError."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise UserError(f"cannot read the scoreboard {path}: {error.strerror}") from None
    found = [result for line in lines if (result := _result(line)) is not None]
    return tuple(sorted(found, key=lambda result: (-result.level, -result.score, result.steps, result.when)))


def _result(line: str) -> Result | None:
    """None for a line that is damaged or not ours."""
    try:
        told = json.loads(line)
        result = Result(**told)
        parse(result.code)
        sound = all(isinstance(value, int) for value in (result.score, result.level, result.steps))
    except (ValueError, TypeError, AttributeError, UserError):
        return None
    return result if sound and isinstance(result.player, str) else None
