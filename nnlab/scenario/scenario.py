"""The scenario as a whole."""

from typing import Annotated

from pydantic import Field

from nnlab.scenario.base import Part
from nnlab.scenario.data import Data
from nnlab.scenario.lesson import Lesson
from nnlab.scenario.model import Model
from nnlab.scenario.steering import Expect, FailureMode, Intervention
from nnlab.scenario.training import Fault, Guard, KnobRange, Objective, Optimizer, Schedule, Train


class Scenario(Part):
    """One TOML file: data, model, objective, how to train, what will happen and what must come of it."""

    title: str = ""
    summary: str = ""
    """One line."""
    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", examples=["mlp", "towers", "drift"])] = "mlp"
    """Groups scenarios in the gallery and picks the default plots: mlp, towers, drift."""
    teaches: FailureMode | None = None
    """The failure mode that the scenario shows."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    """Of weights, data, order and dropout."""
    story: str = ""
    """What you will see, why it happens, what to try."""
    data: Data
    model: Model
    objective: Objective
    fault: Fault = Fault()
    optimizer: Optimizer = Optimizer()
    schedule: Schedule = Schedule()
    train: Train = Train()
    guard: Guard = Guard()
    knobs: dict[str, KnobRange] = Field(default={})
    script: tuple[Intervention, ...] = ()
    expect: Expect = Expect()
    lesson: Lesson | None = None
