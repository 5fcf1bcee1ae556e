"""What is wrong with a scenario, in words for its author."""

from collections.abc import Iterable
from dataclasses import dataclass

from nnlab.errors import UserError
from nnlab.scenario.keys import KeyPath


@dataclass(frozen=True, slots=True)
class Issue:
    """Something wrong at a key, before it is known where in the file that key stands.

    `message` is a whole sentence part ("must be at least 0, got -1"); `allowed` and `nearest` repeat for programs what
    it says of allowed values and of the likely meaning. `uses` names the keys that the judgement rests on: where one of
    them is wrong itself, the issue may only be an echo of that.
    """

    path: KeyPath
    message: str
    allowed: str = ""
    nearest: str = ""
    uses: tuple[KeyPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """An issue and its place. `line` and `column` count from 1, 0 is unknown; `key` is dotted, "" for a whole file."""

    file: str
    line: int
    key: str
    message: str
    allowed: str = ""
    nearest: str = ""
    column: int = 0

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


class ScenarioErrors(UserError):  # noqa: N818 (it holds many)
    """Every problem of a scenario file, in the order of its lines."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(problem) for problem in self.errors))


class UnknownScenario(UserError):  # noqa: N818 (a reader's word for it)
    """No scenario goes by that name or lies at that path. `nearest` is the likely meaning, or ""."""

    def __init__(self, message: str, nearest: str = "") -> None:
        self.nearest = nearest
        super().__init__(message)
