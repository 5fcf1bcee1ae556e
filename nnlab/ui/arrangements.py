"""How the user likes the lab: the view and the tab chosen for each family of runs, and the theme.

It is kept between sessions in one small JSON file in the user's folder:
{"theme": "paper", "mlp": {"view": "confusion", "tab": "third"}}.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "arrangement.json"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The view in the third place, by its title, and the place that a small terminal shows; "" for the usual ones."""

    view: str = ""
    tab: str = ""


USUAL = Arrangement()


class Arrangements:
    """What is kept in a file, read when the first of it is wanted; without a file it is kept until the end only."""

    def __init__(self, path: Path | None = None, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` hears why the file could not be used or written, once each."""
        self._path, self._tell = path, tell
        self._kept: dict[str, str | dict[str, str]] | None = None

    def of(self, family: str) -> Arrangement:
        """How runs of a family are shown."""
        table = self._read().get(family)
        return Arrangement(table.get("view", ""), table.get("tab", "")) if isinstance(table, dict) else USUAL

    def keep(self, family: str, arrangement: Arrangement) -> None:
        """From now on runs of this family are shown so."""
        self._set(family, asdict(arrangement))

    @property
    def theme(self) -> str:
        """The theme that was chosen last; "" for the usual one."""
        name = self._read().get("theme", "")
        return name if isinstance(name, str) else ""

    @theme.setter
    def theme(self, name: str) -> None:
        self._set("theme", name)

    def _set(self, key: str, value: str | dict[str, str]) -> None:
        kept = self._read()
        if kept.get(key) == value:
            return
        kept[key] = value
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_name(f".{self._path.name}.new")
            fresh.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
            fresh.replace(self._path)
        except OSError as error:
            self._tell(f"The arrangement cannot be kept in {self._path}: {error.strerror or error}.")
            self._path = None

    def _read(self) -> dict[str, str | dict[str, str]]:
        """What is kept. A file that cannot be used is set aside with `.damaged` behind its name, and said so."""
        if self._kept is None:
            self._kept = {}
            if self._path is not None and self._path.is_file():
                try:
                    self._kept = checked(json.loads(self._path.read_text(encoding="utf-8")))
                except (OSError, ValueError, RecursionError) as error:
                    aside = self._set_aside(self._path)
                    self._tell(f"{self._path} cannot be used ({error}); everything stands in its usual place.{aside}")
        return self._kept

    def _set_aside(self, path: Path) -> str:
        """Where it is now, as a sentence; where that fails it stays, and nothing is kept."""
        aside = path.with_name(f"{path.name}.damaged")
        try:
            path.replace(aside)
        except OSError:
            self._path = None
            return ""
        return f" It is {aside.name} now."


def checked(table: object) -> dict[str, str | dict[str, str]]:
    """The table, if it is one of texts and of tables of texts. Raises ValueError."""
    if not isinstance(table, dict):
        raise ValueError("it is no table")
    for key, value in table.items():
        texts = value.values() if isinstance(value, dict) else [value]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError(f'"{key}" is neither a text nor a table of texts')
    return table
