"""What is wrong with a scenario, ready to be read: place, key, what is wrong, what is allowed."""

from dataclasses import dataclass

from nnlab.errors import UserError
from nnlab.scenario.errors import ScenarioErrors


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One problem. `place` is file and line; `key` may be empty."""

    place: str
    key: str
    text: str
    allowed: str = ""


def problems(error: UserError) -> tuple[ProblemView, ...]:
    """Every problem that the error tells, in its order."""
    if not isinstance(error, ScenarioErrors):
        return (ProblemView("", "", str(error)),)
    return tuple(
        ProblemView(
            f"line {problem.line}" if problem.line else "",
            problem.key,
            problem.message,
            "" if problem.allowed in problem.message else problem.allowed,
        )
        for problem in error.errors
    )
