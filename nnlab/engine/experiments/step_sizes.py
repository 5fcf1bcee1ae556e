"""Half a step, a whole one, twice as long: which lowers the loss most.

Every rule's update is proportional to the rate, so one update is made and its multiples are tried.
"""

import math
from dataclasses import dataclass
from statistics import median

import torch

from nnlab.engine.experiments.copies import OneBatch, copy_of
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.training import Training
from nnlab.wire.experiments import Check, Comparison

STEPS = 12
"""Readings: the median of at least 8 (FAILURE_MODES §1, c*)."""
JUMP = 0.05
"""A rise of the loss that counts (FAILURE_MODES §1)."""
GAINS = 1.5
"""Times as far a double step must bring the loss for the step to be short (on a straight slope it is 2)."""


@dataclass(frozen=True, slots=True)
class StepSizes:
    """Median relative change of the loss on the step's own batch, by half a step, a whole one and a double one."""

    half: float
    whole: float
    double: float


def step_sizes(training: Training) -> StepSizes:
    """Measured along `STEPS` steps of a copy from the current state. `training` stays as it was."""
    with same_random_state(training.parameters.values.device):
        return _measured(training)


def _measured(training: Training) -> StepSizes:
    copy = copy_of(training)
    task, values = copy.task, copy.parameters.values
    changes: list[list[float]] = []
    for _ in range(STEPS):
        batch = task.next()
        copy.task = OneBatch(task, batch)
        before = values.clone()
        with torch.no_grad():
            origin = float(task.measure(batch)[1])
        copy.one_step()
        after = values.clone()
        found = []
        for multiple in (0.5, 1.0, 2.0):
            values.copy_(before + multiple * (after - before))
            with torch.no_grad():
                found.append((float(task.measure(batch)[1]) - origin) / max(abs(origin), 1e-12))
        values.copy_(after)
        changes.append(found)
    return StepSizes(*(median(column) for column in zip(*changes, strict=True)))


def step_is_not_too_long(sizes: StepSizes) -> Check:
    """A whole step does not raise the loss where half of it lowers it or raises it less."""
    text = f"half a step changes the loss by {sizes.half:+.2%}, a whole one {sizes.whole:+.2%}, two {sizes.double:+.2%}"
    if not sizes.whole <= JUMP and not sizes.half >= sizes.whole:
        return Check("step-length", "wrong", text, sizes.whole, JUMP, mode="lr-too-high")
    return Check("step-length", "ok", text, sizes.whole, JUMP)


def compare_steps(training: Training) -> Comparison:
    """The verdict on the step's length from the current state. `training` stays as it was."""
    sizes = step_sizes(training)
    check = step_is_not_too_long(sizes)
    if check.state == "wrong":
        verdict, text = "too long", "half of it would do better"
    elif sizes.double < sizes.whole * GAINS < 0.0:
        verdict, text = "could be longer", "twice as long lowers the loss further: there is room for a higher rate"
    elif sizes.whole < 0.0:
        verdict, text = "fits", "the step is about as long as it should be"
    else:
        verdict, text = "no step helps", "the loss does not fall by a step of any of these lengths"
    headline = f"{check.text[0].upper()}{check.text[1:]} (median of {STEPS} steps): {text}."
    return Comparison(verdict, check.state == "ok", check.mode, headline, math.nan, (), (check,))
