"""What a script has to do: the run, and which knobs play a part in it."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab.programs.steered import Steered, Turn
from nnlab.scenario.data import Triplets
from nnlab.scenario.knobs import knobs
from nnlab.scenario.scenario import Scenario
from nnlab.wire.values import KnobValue

NEUTRAL: dict[str, tuple[KnobValue, ...]] = {"input_scale": (1.0,), "shuffle": (True,), "class_weights": ("none",)}
"""Values at which a knob does nothing; 0, false and "" for all others."""

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to be written as a script. `start` holds each knob's value before the first step."""

    run: Steered
    scenario: Scenario
    start: dict[str, KnobValue]
    turns: tuple[Turn, ...]
    """Those that some step is trained with."""
    arrays: Arrays = field(default_factory=dict)
    """What the script reads from the file beside it; the pieces put in what they need."""

    def turned(self, knob: str) -> bool:
        """Whether a knob changes on the way."""
        return any(turn.knob == knob for turn in self.turns)

    def uses(self, knob: str) -> bool:
        """Whether a knob ever does anything."""
        values = self.values(knob)
        return any(value not in NEUTRAL.get(knob, (0, "")) for value in values)

    def values(self, knob: str) -> list[KnobValue]:
        """Every value that a knob has in the course of the run; empty where the scenario has no such knob."""
        begins = [self.start[knob]] if knob in self.start else []
        return begins + [turn.value for turn in self.turns if turn.knob == knob]

    def value_at(self, knob: str, step: int) -> KnobValue:
        """What a knob of the scenario holds when a step is trained."""
        return ([self.start[knob]] + [turn.value for turn in self.turns if turn.knob == knob and turn.step <= step])[-1]


def plan(run: Steered) -> Plan:
    """The plan of a run. Notes and turns after the last step do nothing."""
    optimizer, data = run.scenario.optimizer, run.scenario.data
    # What another optimizer or objective finds, though the first one has no such knob.
    start: dict[str, KnobValue] = {"momentum": optimizer.momentum, "weight_decay": optimizer.weight_decay}
    if isinstance(data, Triplets):
        start |= {"negatives": data.negatives, "false_negative_rate": data.false_negative_rate}
    start |= {knob.id: knob.value for knob in knobs(run.scenario)}
    return Plan(run, run.scenario, start, tuple(turn for turn in run.turns if turn.step < run.steps))


def int32(values: NDArray[np.int64]) -> NDArray[np.int32]:
    """Indices in half the room."""
    return values.astype(np.int32)
