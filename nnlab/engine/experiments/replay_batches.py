"""Replay of earlier batches: does the model still know what it was trained on? (SOURCES C, catastrophic forgetting)

A copy is trained as planned and keeps a batch now and then, with its loss right after its step. At the end each is
looked at once more: loss that has climbed on batches of earlier data is forgetting, seen on the very rows.
"""

import itertools
import math
import statistics
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from nnlab.engine.build import Plan
from nnlab.engine.change import drift_begins, move_on
from nnlab.engine.dials import Dials
from nnlab.engine.experiments.copies import copy_of
from nnlab.engine.facts import constant_loss
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.streams import StreamBatches
from nnlab.engine.training import Training
from nnlab.scenario.scenario import Scenario
from nnlab.wire.experiments import ReplayBatches, Stretch

KEPT = 60
"""Batches kept: some twenty for each of three tasks, so that their median means something."""
QUARTERS = 4
"""Parts that a run is looked at in where its data never change."""
FORGOTTEN = 0.2
"""Median rise of the loss, as a share of a constant guess's, from which on a stretch counts as forgotten."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A batch, the step that trained on it and its loss right afterwards."""

    step: int
    batch: Any
    loss: float


def replay_batches(plan: Plan, scenario: Scenario, tell: Tell = lambda _: None) -> ReplayBatches:
    """Train a copy of the plan's training to its planned end and replay what it was trained on. The plan stays as it
    was; equal plans give equal results.
    """
    training = copy_of(plan.training)
    constant = constant_loss(training.task, scenario)  # type: ignore[arg-type]  # one of the two tasks that it takes
    with same_random_state(training.parameters.values.device):
        kept, changes = _train(training, plan, scenario, tell)
    bounds = changes or [number * plan.planned_steps // QUARTERS for number in range(1, QUARTERS)]
    edges = [0, *bounds, plan.planned_steps]
    groups = itertools.groupby(kept, key=lambda item: bisect_right(bounds, item.step))
    found = [_stretch(training, list(items), edges[number], edges[number + 1]) for number, items in groups]
    return _judge(found, constant, plan.planned_steps)


def _train(training: Training, plan: Plan, scenario: Scenario, tell: Tell) -> tuple[list[_Kept], list[int]]:
    """The batches kept, and the steps at which the data changed."""
    dials, task = Dials(training, scenario), training.task
    phases = {phase.step: phase for phase in plan.phases if phase.step}
    every = max(1, plan.planned_steps // KEPT)
    kept: list[_Kept] = []
    changes: list[int] = []
    for step in range(plan.planned_steps):
        phase = phases.get(step)
        if phase is not None:
            tell(f"step {step}: {phase.text}")
            changes.append(step)
            move_on(training, phase.source)
            for knob, value in phase.knobs.items():
                dials.turn(knob, value)
        if isinstance(task.batches, StreamBatches) and task.batches.sets_in(step):
            changes.append(step)
            drift_begins(training)
        for intervention in scenario.script:
            at = intervention.at if intervention.at is not None else (intervention.at_epoch or 0) * plan.steps_per_epoch
            if at == step:
                for knob, value in intervention.set.items():
                    dials.turn(knob, value)
        if training.ring.full:
            training.ring.fetch()
        if step % every:
            training.one_step()
        else:
            kept.append(_keep(training))
    return kept, [step for step in changes if step]


def _keep(training: Training) -> _Kept:
    """Train on the next batch and keep it."""
    task = training.task
    stale, batch = task.stale_batch, task.next()
    task.stale_batch = True  # the step takes the batch just drawn
    step = training.step
    training.one_step()
    task.stale_batch = stale
    return _Kept(step, batch, _loss(training, batch))


def _loss(training: Training, batch: Any) -> float:
    with torch.no_grad():
        return float(training.task.measure(batch)[1])


def _stretch(training: Training, kept: Sequence[_Kept], first: int, end: int) -> Stretch:
    then, now = [item.loss for item in kept], [_loss(training, item.batch) for item in kept]
    rises = [after - before for before, after in zip(then, now, strict=True)]
    return Stretch(first, end, len(kept), _median(then), _median(now), _median(rises))


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if all(map(math.isfinite, values)) else math.nan


def _judge(found: list[Stretch], constant: float, steps: int) -> ReplayBatches:
    """The verdict by the earlier stretch whose loss has climbed most; the last one is what is being trained on."""
    stretches = tuple(found)
    if any(math.isnan(stretch.rise) for stretch in stretches):
        text = "The loss of earlier batches is no longer finite: the training has diverged, which is not forgetting."
        return ReplayBatches("diverged", text, steps, constant, stretches)
    worst = max(stretches[:-1] or stretches, key=lambda stretch: stretch.rise)
    share = worst.rise / max(constant, 1e-6)
    text = (
        f"batches of steps {worst.first} to {worst.end - 1} had a loss of {worst.then:.3g} when they were trained on, "
        f"now it is {worst.now:.3g}"
    )
    if share >= FORGOTTEN:
        text = f"Forgotten: {text}, a rise of {share:.0%} of what a constant guess costs (limit {FORGOTTEN:.0%})."
        return ReplayBatches("forgotten", text, steps, constant, stretches)
    return ReplayBatches("kept", f"Kept: even {text}.", steps, constant, stretches)
