"""`[lesson]`: the steps of a guided lesson, each with what it waits for."""

from typing import Annotated, Literal

from pydantic import Field

from nnlab.scenario.base import Count, Finite, Part
from nnlab.scenario.steering import FailureMode, Setting, Verdict

Opened = Literal[
    "story", "explanation", "tests", "branches", "help", "surface", "collapse", "drift-race", "retention",
    "confusion", "layers-over-time", "weights", "activations", "gradients", "hardest-rows",
]  # fmt: skip
"""What can be opened in the lab: pages, menus, and the views that `v` chooses."""

Metric = Annotated[str, Field(pattern=r"^[a-z][\w@.-]*(/[\w@.-]+)*$", examples=["val/accuracy", "grad/norm"])]
"""The name of a series."""


class Awaited(Part):
    """What a lesson step waits for: exactly one of finding, cleared, metric, knob, setting, step, after and opened."""

    finding: Verdict | Literal["healthy"] | None = None
    """This failure mode stands, or this verdict is given; healthy: learning or converged."""
    cleared: FailureMode | None = None
    """This failure mode stood and stands no longer."""
    metric: Metric | None = None
    """The newest value of this series is above and below the limits given."""
    knob: str | None = None
    """This knob holds the value to, or one within the limits; without either: it is turned to any other value."""
    setting: str | None = None
    """The run was begun with this dotted scenario key at the value to."""
    to: Setting | None = None
    """Of knob and setting: the value."""
    above: Finite | None = None
    """Of metric and knob: lower limit, itself left out."""
    below: Finite | None = None
    """Of metric and knob: upper limit, itself left out."""
    step: Count | None = None
    """So many steps of the run are done."""
    after: Count | None = None
    """So many steps are done since the lesson came here."""
    opened: Opened | None = None
    """This page, menu or view is on the screen."""


class LessonStep(Part):
    """One step of a guided lesson."""

    text: Annotated[str, Field(min_length=1)]
    """What to look at, and what to do."""
    wait_for: Awaited | None = None
    """When the lesson goes on by itself; without it the user says when."""
    hint: str = ""
    """What helps who is stuck; shown on request."""
    hint_after: Count | None = None
    """Steps after which the hint shows by itself."""


class Lesson(Part):
    """`[lesson]`: a guided lesson on the scenario."""

    title: str = ""
    """The scenario's title when left out."""
    learned: str = ""
    """What one knows at the end, in a few sentences."""
    steps: Annotated[tuple[LessonStep, ...], Field(min_length=1)]
    """In this order."""
