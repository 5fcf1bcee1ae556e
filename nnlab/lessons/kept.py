"""How far a user has come in each lesson, kept between sittings in one small JSON file of theirs:
{"overfitting": {"at": 2, "steps": 5, "done": false}}.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from nnlab.kept_table import KeptTable

FILE = "lessons.json"


@dataclass(frozen=True, slots=True)
class Reached:
    """Of a lesson of `steps` steps `at` are behind; `done`: it has been taken to its end, now or once before."""

    at: int = 0
    steps: int = 0
    done: bool = False

    @property
    def words(self) -> str:
        """In few words; "" where nothing has been reached."""
        here = f"at step {self.at + 1} of {self.steps}" if self.at else ""
        return ", ".join(part for part in ("done" if self.done else "", here) if part)


NOTHING = Reached()


class KeptLessons:
    """What is kept in a file, by the names of scenarios; without one it is kept until the end only."""

    def __init__(self, path: Path | None = None, tell: Callable[[str], None] = lambda _: None) -> None:
        """`tell` hears why the file could not be used or written, once each."""
        instead = "every lesson begins with its first step"
        self._table = KeptTable(path, checked, tell, what="How far the lessons are", instead=instead)

    def reached(self, scenario: str) -> Reached:
        """How far the lesson of a scenario is."""
        told = self._table.read().get(scenario)
        return NOTHING if told is None else Reached(told["at"], told["steps"], bool(told["done"]))

    def note(self, scenario: str, at: int, steps: int) -> None:
        """So many of its steps are behind; all of them: it is done, and will begin anew."""
        over = at >= steps
        reached = Reached(0 if over else at, steps, over or self.reached(scenario).done)
        self._table.put(scenario, asdict(reached) if reached.at or reached.done else None)


def checked(table: object) -> dict[str, dict[str, int]]:
    """The table, if it holds a place for each name. Raises ValueError."""
    if not isinstance(table, dict):
        raise ValueError("it is no table")
    for name, told in table.items():
        if not isinstance(told, dict) or told.keys() != asdict(NOTHING).keys():
            raise ValueError(f'"{name}" is no place in a lesson')
        if not all(isinstance(number, int) for number in told.values()) or not 0 <= told["at"] <= told["steps"]:
            raise ValueError(f'"{name}" is no place in a lesson')
    return table
