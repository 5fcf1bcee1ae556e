"""Words by which a user finds runs again.

They lie beside the run files, in `tags.json` of their folder, by the files' names: a run file holds what was measured
and done, and keeps its bits whatever anyone thinks of it later.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from nnlab.errors import UserError
from nnlab.runs.whole import write

FILE = "tags.json"

LONGEST = 24
"""Characters of a tag."""


def known(folder: Path) -> dict[str, tuple[str, ...]]:
    """The tags of each run file of a folder by its name; none where there is no file, or where it makes no sense."""
    with contextlib.suppress(UserError):
        return _read(folder)
    return {}


def words(text: str) -> tuple[str, ...]:
    """The tags that someone typed, apart by blanks or commas, each once. Raises UserError for one that is too long."""
    found = tuple(dict.fromkeys(word.lstrip("#") for word in text.replace(",", " ").split() if word.lstrip("#")))
    for word in found:
        if len(word) > LONGEST:
            raise UserError(f'a tag has at most {LONGEST} characters, "{word}" has {len(word)}')
        if not word.isprintable():
            raise UserError(f"a tag is made of characters that can be seen, not {word!r}")
    return found


def change(path: Path, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Add tags to a run file, and take others away from it. Raises UserError if they cannot be written."""
    gone = frozenset(remove)
    _revise(path, lambda had: tuple(tag for tag in dict.fromkeys((*had, *add)) if tag not in gone))


def put(path: Path, marked: tuple[str, ...]) -> None:
    """Give a run file these tags and no others. Raises UserError if they cannot be written."""
    _revise(path, lambda _: marked)


def _revise(path: Path, revised: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
    folder = path.absolute().parent
    try:
        with _alone(folder):
            found = _read(folder)
            had = found.pop(path.name, ())
            if marked := revised(had):
                found[path.name] = marked
            if marked != had:
                write(folder / FILE, json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False))
    except OSError as error:
        raise UserError(f"cannot write the tags to {folder / FILE}: {error.strerror}") from None


def _read(folder: Path) -> dict[str, tuple[str, ...]]:
    """Raises UserError for a damaged file, which must not be written over."""
    path = folder / FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): tuple(map(str, marked)) for name, marked in told.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError):
        raise UserError(f"cannot read the tags in {path}; mend the file, or delete it to begin anew") from None


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While nobody else changes the tags of this folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
