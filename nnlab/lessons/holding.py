"""A lesson holds its run while it is the user's turn, so that there is time to read, and lets it go on afterwards."""

from dataclasses import dataclass, replace
from typing import Literal

from nnlab.scenario.lesson import LessonStep
from nnlab.wire.values import RunState

Turn = Literal["user", "run", "nobody"]


@dataclass(frozen=True, slots=True)
class Hold:
    """Whether the lesson has asked for a pause, or holds the run; `at` is the last step for which it interfered."""

    at: int = -1
    stage: Literal["free", "asked", "held"] = "free"


def turn(step: LessonStep | None) -> Turn:
    """Whose turn it is: the run's where training brings what is waited for; nobody's once the lesson is over."""
    if step is None:
        return "nobody"
    it = step.wait_for
    trains = it is not None and any(one is not None for one in (it.finding, it.cleared, it.metric, it.step, it.after))
    return "run" if trains else "user"


def hold(before: Hold, at: int, whose: Turn, state: RunState) -> tuple[Hold, bool]:
    """What the lesson holds now at its step `at`, and whether the run is to be paused, or to go on, for that.

    A run that the user paused is left alone, and so is one that the user let go on. One that has come to its planned
    end goes on where it is the run's turn.
    """
    now = before
    if now.stage == "asked" and state == "paused":
        now = replace(now, stage="held")
    elif now.stage == "held" and state == "running":
        now = replace(now, stage="free")
    if whose == "user" and state == "running" and now.stage == "free" and now.at != at:
        return Hold(at, "asked"), True
    if whose != "user" and now.stage == "held":
        return Hold(at), True
    if whose == "run" and state == "finished" and now.at != at:
        return Hold(at), True
    return now, False
