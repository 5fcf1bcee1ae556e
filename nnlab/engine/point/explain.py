"""One step of a run file, done again exactly and explained."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlab.engine.batches import FixedBatches
from nnlab.engine.point import moved
from nnlab.engine.point.cause import Cause, Scene, cause
from nnlab.engine.point.looked import look
from nnlab.engine.point.walk import Stepped, Walk
from nnlab.errors import UserError
from nnlab.runs.reader import RunFile
from nnlab.wire.point import PointAgain

WINDOW = 50
"""Steps that say what is usual (FAILURE_MODES §2, exploding-gradients: median and MAD of 50)."""
RUN_UP = 10
"""Steps up to the point in which its cause is looked for, and which do not count as usual."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which step of which branch of a run file; `step` -1 is the newest, `branch` -1 the current one."""

    path: Path
    step: int = -1
    branch: int = -1


def explain(asked: Asked, tell: Tell = lambda _: None) -> PointAgain:
    """Do the step again, with the steps before it, and say what is to be known of it. The run file and the run that
    writes it are not touched. Raises UserError for a step that is not there and for what cannot be done again."""
    with RunFile(asked.path) as file:
        branch = file.branch if asked.branch < 0 else asked.branch
        step, recorded, broken = _recorded(file, branch, asked.step)
        first = max(0, step - RUN_UP - WINDOW)
        tell(f"doing steps {first} to {step} again")
        walk = Walk(file, branch, first, step + 1)
    steps = walk.walk(step)
    walk.arrive()
    looked = look(walk.training)
    epoch = _epoch(walk)
    steps.append(walk.one_step())
    run_up = min(RUN_UP, len(steps) // 2)
    before, near = steps[: len(steps) - 1 - run_up], steps[len(steps) - 1 - run_up :]
    scene = Scene(walk, before, near, looked)
    here = scene.here
    layers = moved.moved(walk.layer_names(), before, near)
    found = _over(broken, step) if 0 <= broken < step else cause(scene, tell)
    return PointAgain(
        step, branch, here.loss, recorded, _same(here, recorded), here.norm, scene.loss.median, scene.norm.median,
        epoch, looked.counted, looked.rows, looked.worst, looked.others_loss, looked.others_norm, here.sample,
        scene.sample.median, layers, moved.first(layers), found.kind, found.culprit, found.tried, found.sentence,
    )  # fmt: skip


def _recorded(file: RunFile, branch: int, step: int) -> tuple[int, float, int]:
    """The step that is meant, its recorded loss, and the first step whose loss is not finite (-1: none).

    Raises UserError.
    """
    known = file.series("train/loss", branch=branch)
    if not len(known.steps):
        raise UserError(f"no step of {file.path} has been trained yet")
    newest = int(known.steps[-1])
    if step > newest or step < -1:
        raise UserError(
            f"there is no step {step} in {file.path}: this line has steps {int(known.steps[0])} to {newest}"
        )
    at = newest if step < 0 else step
    place = int(known.steps.searchsorted(at))
    bad = np.flatnonzero(~np.isfinite(known.values))
    return at, float(known.values[place]), int(known.steps[bad[0]]) if len(bad) else -1


def _over(broken: int, step: int) -> Cause:
    """The run was lost before this step."""
    text = f"The loss has not been finite since step {broken}, {step - broken} steps before: explain that one."
    return Cause("parameters", broken, (), text)


def _epoch(walk: Walk) -> int:
    """The epoch that the step is in, from 0; -1 where there are none or the batches have not been equally large."""
    run, batches = walk.run, walk.training.task.batches
    changed = any(getattr(entry, "knob", "") == "batch_size" for entry in walk.entries)
    if not isinstance(batches, FixedBatches) or changed or run.plan.phases:
        return -1
    return walk.training.step // run.plan.steps_per_epoch


def _same(here: Stepped, recorded: float) -> bool:
    """Whether the loss is the recorded one bit for bit; all NaNs are one."""
    return here.loss == recorded or (math.isnan(here.loss) and math.isnan(recorded))
