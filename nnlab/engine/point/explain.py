"""One step of a run file, done again exactly and explained."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nnlab.engine.batches import FixedBatches
from nnlab.engine.point import moved
from nnlab.engine.point.cause import cause
from nnlab.engine.point.looked import look
from nnlab.engine.point.scene import Cause, Scene
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
    """Which step of which branch of a run file; `branch` -1 is the current one. `recorded` is the loss of a step that
    has been trained and may not be in the file yet; None: what the file says."""

    path: Path
    step: int
    branch: int = -1
    recorded: float | None = None


def explain(asked: Asked, tell: Tell = lambda _: None) -> PointAgain:
    """Do the step again, with the steps before it, and say what is to be known of it. The run file and the run that
    writes it are not touched. Raises UserError for a step that is not there and for what cannot be done again."""
    with RunFile(asked.path) as file:
        branch = file.branch if asked.branch < 0 else asked.branch
        step = asked.step
        recorded, broken = _recorded(file, branch, asked)
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


def _recorded(file: RunFile, branch: int, asked: Asked) -> tuple[float, int]:
    """The loss of the step as it was trained, and the first step whose loss is not finite (-1: none).

    Raises UserError.
    """
    if branch not in {one.id for one in file.branches()}:
        raise UserError(f"{file.path} has no branch {branch}")
    known = file.series("train/loss", branch=branch)
    bad = np.flatnonzero(~np.isfinite(known.values))
    broken = int(known.steps[bad[0]]) if len(bad) else -1
    if asked.recorded is not None:
        return asked.recorded, broken
    place = int(known.steps.searchsorted(asked.step))
    if place >= len(known.steps) or known.steps[place] != asked.step:
        last = f"the last one is {known.steps[-1]}" if len(known.steps) else "none has been trained yet"
        raise UserError(f"there is no step {asked.step} in {file.path}; {last}")
    return float(known.values[place]), broken


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
