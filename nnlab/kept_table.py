"""A small table that is kept between sittings in one JSON file of the user's, and that never stands in the way.

A file that cannot be used is set aside with `.damaged` behind its name; where nothing can be written the table is kept
until the end only. Either is said once. Standard library only.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

Value = TypeVar("Value")


class KeptTable(Generic[Value]):
    """A table by name, read when the first of it is wanted; without a file it is kept until the end only."""

    def __init__(
        self,
        path: Path | None,
        checked: Callable[[object], dict[str, Value]],
        tell: Callable[[str], None] = lambda _: None,
        *,
        what: str,
        instead: str,
    ) -> None:
        """`checked` makes the table of what JSON holds, and raises ValueError; `tell` hears why the file could not be
        used or written: that `what` cannot be kept, or what holds `instead`.
        """
        self._path, self._checked, self._tell = path, checked, tell
        self._what, self._instead = what, instead
        self._kept: dict[str, Value] | None = None

    def read(self) -> dict[str, Value]:
        """What is kept."""
        if self._kept is None:
            self._kept = {}
            if self._path is not None and self._path.is_file():
                try:
                    self._kept = self._checked(json.loads(self._path.read_text(encoding="utf-8")))
                except (OSError, ValueError, RecursionError) as error:
                    aside = self._set_aside(self._path)
                    self._tell(f"{self._path} cannot be used ({error}); {self._instead}.{aside}")
        return self._kept

    def put(self, key: str, value: Value | None) -> None:
        """Keep this value from now on; None: none. What another process has kept meanwhile stays."""
        if self._path is not None:
            self._kept = None
        kept = self.read()
        if kept.get(key) == value:
            return
        if value is None:
            del kept[key]
        else:
            kept[key] = value
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_name(f".{self._path.name}.new")
            fresh.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            self._tell(f"{self._what} cannot be kept in {self._path}: {error.strerror or error}.")
            self._path = None

    def _set_aside(self, path: Path) -> str:
        """Where it is now, as a sentence; where that fails it stays, and nothing is kept."""
        aside = path.with_name(f"{path.name}.damaged")
        try:
            path.replace(aside)
        except OSError:
            self._path = None
            return ""
        return f" It is {aside.name} now."
