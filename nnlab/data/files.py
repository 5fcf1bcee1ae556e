"""Files that a scenario names: found, and of a known ending, before anything is read."""

from collections.abc import Sequence
from pathlib import Path

from nnlab.data.errors import DataError, nearest


def existing(name: str, base_dir: Path, endings: Sequence[str]) -> Path:
    """The path of a readable file, relative to `base_dir`. Raises DataError, with the nearest name if none exists."""
    path = base_dir / Path(name).expanduser()
    if not path.name.lower().endswith(tuple(endings)):
        raise DataError(f"{name}: cannot tell the format by its name; known endings: {', '.join(endings)}")
    if path.is_dir():
        raise DataError(f"{name} is a folder, not a file")
    try:
        path.open("rb").close()
    except FileNotFoundError:
        there = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(f"there is no file {path}{nearest(path.name, there)}") from None
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror}") from None
    return path


def no_column(file: str, name: str, known: Sequence[str]) -> DataError:
    """The error of a file that lacks a column, with the nearest and the first twenty that it has."""
    listed = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
    return DataError(f"{file}: there is no column '{name}'{nearest(name, known)} (columns: {listed})")
