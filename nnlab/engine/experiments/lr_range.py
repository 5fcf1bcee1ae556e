"""The learning-rate range test: several sweeps, a suggested range, and a verdict on the scenario's own rate.

A sweep spends few steps at each rate, so a rate below its visible range may still do in a longer training: what counts
as too low is judged by distance. The loss had fallen by half its fall after rates summing to the traction distance; a
plan whose steps at the scenario's own rate sum to only a few times that has no time to train.
"""

import math
from collections.abc import Callable, Sequence
from statistics import median
from typing import Literal

from nnlab.engine.experiments.sweep import STEPS, sweep
from nnlab.engine.probes.layers import flat_gradient
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.schedules import factor
from nnlab.engine.training import Training
from nnlab.wire.experiments import LrRange, Sweep

SWEEPS = 3
SAFETY = 3.0
"""The suggested range ends a third of the way down from the minimum's rate (a sweep outruns its own divergence;
fastai's rule of thumb is a tenth)."""
ENOUGH = 5.0
"""Traction distances that a plan must cover."""
SAMPLES = 200
"""Steps at which the schedule is looked up."""

Verdict = Literal["inside", "too-low", "too-high", "flat"]
Tell = Callable[[str], None]


def lr_range(starts: Sequence[Training], tell: Tell = lambda _: None) -> LrRange:
    """Sweep each of the trainings once; the first one's rate is judged. All of them stay as they were."""
    own = starts[0]
    sweeps: list[Sweep] = []
    with same_random_state(own.parameters.values.device):
        for number, start in enumerate(starts):
            sweeps.append(sweep(start, skip=number * STEPS if start is own and number else 0))
            tell(f"sweep {number + 1} of {len(starts)}: {_in_words(sweeps[-1])}")
    lr = own.base_lr
    read = [item for item in sweeps if math.isfinite(item.lowest)]
    if len(read) * 2 <= len(sweeps):
        return _flat(lr, own, sweeps)
    lowest = median(item.lowest for item in read)
    suggestions = [math.sqrt(item.steepest * item.valley) for item in read]
    high = max(lowest / SAFETY, median(suggestions))
    suggestion = median(suggestions)
    low = min(suggestion, min(median(item.valley for item in read), median(item.steepest for item in read)) / SAFETY)
    ends = [item.diverged for item in sweeps if math.isfinite(item.diverged)]
    limit = max(lowest, median(ends)) if len(ends) * 2 > len(sweeps) else math.inf
    reach = lr * _schedule_sum(own) / median(item.traction for item in read)
    spread = max(suggestions) / min(suggestions)
    advice = f"the sweeps suggest {suggestion:.2g} (from {low:.2g} to {high:.2g})"
    verdict: Verdict = "inside"
    if lr == 0.0:
        verdict, why = "too-low", "lr is 0: the weights do not move"
    elif lr >= limit or lr > SAFETY * lowest:
        verdict, why = "too-high", f"lr {lr:g} is too high: the loss rises from {lowest:.2g} on"
        why += f" and diverges at {limit:.2g}" if math.isfinite(limit) else ""
    elif lr < low and reach < ENOUGH:
        why = f"lr {lr:g} is too low: {own.planned_steps} steps of it go {reach:.2g} times as far as half of the fall "
        verdict, why = "too-low", why + "took in a sweep"
    else:
        why = f"lr {lr:g} can train"
        why += ", slowly" if lr < low else ", near the edge" if lr > high else ""
    return LrRange(verdict, f"{why}; {advice}.", lr, suggestion, low, high, spread, reach, tuple(sweeps))


def _flat(lr: float, own: Training, sweeps: list[Sweep]) -> LrRange:
    """Refuse to read a curve that never falls, with the reason."""
    first = sweeps[0].losses
    if not math.isfinite(first[0]):
        why = f"the loss is {first[0]} from the first step on"
    elif len(set(first)) == 1 and not own.optimizer.learning:
        why = "every layer is frozen"
    elif not _moves(own):
        why = "the gradient is exactly zero, so no rate does anything"
    elif min(min(item.losses) for item in sweeps) < 1e-3 * max(1e-12, first[0]):
        why = "the loss starts at about zero"
    else:
        why = "the loss falls at no rate: there is nothing to learn in these batches, or the step goes the wrong way"
    nan = math.nan
    return LrRange("flat", f"No rate can be suggested: {why}.", lr, nan, nan, nan, nan, nan, tuple(sweeps))


def _moves(own: Training) -> bool:
    _, loss = own.task.measure(own.task.probe())
    return bool(flat_gradient(loss, own.parameters).any())


def _schedule_sum(own: Training) -> float:
    """Sum of the schedule's factors over the planned steps."""
    planned = own.planned_steps
    steps = [int((i + 0.5) * planned / SAMPLES) for i in range(SAMPLES)]
    return planned * sum(factor(own.schedule, step, planned) for step in steps) / SAMPLES


def _in_words(item: Sweep) -> str:
    end = f", diverges at {item.diverged:.2g}" if math.isfinite(item.diverged) else ""
    return f"lowest at {item.lowest:.2g}{end}" if math.isfinite(item.lowest) else f"flat{end}"
