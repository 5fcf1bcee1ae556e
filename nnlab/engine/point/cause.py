"""The cause of one point of a run.

A loss out of its usual range has one of three reasons, told apart by what else is high at the same parameters: only
this batch (its rows), all batches but not rows known from before (the data have changed), or those too (the parameters
have been thrown off, at a step that can be found). Who did the last two is shown in `nnlab.engine.point.blame`.
"""

import itertools
import math

from nnlab.engine.point.blame import Tell, blamed, thrown_off
from nnlab.engine.point.looked import rows
from nnlab.engine.point.scene import HALF, Cause, Scene, num
from nnlab.engine.point.usual import FEWEST, Usual, share

RUNAWAY, STEADILY = 1.6, 0.75
"""Factor a step from which on a loss explodes (FAILURE_MODES §2, exploding-gradients: slope), and share of the steps
that must go up."""
WORSE = 1.5
"""Times what known rows cost before (or at the start, where there is no course yet): more, and the parameters have been
thrown off though this batch does not show it."""


def cause(scene: Scene, tell: Tell) -> Cause:
    """The cause of the point."""
    here, usual = scene.here, scene.loss
    if (grown := growth(scene)) >= RUNAWAY:
        return Cause("parameters", scene.first, (), _runaway(scene, grown))
    if not usual.known:
        return _early(scene, tell)
    if usual.left(here.loss):
        if not usual.left(scene.looked.others_loss):
            return Cause("batch", here.step, (), _batch(scene))
        if share(here.sample, scene.sample.median, scene.looked.others_loss) < HALF:
            return blamed(scene, "data", here.step, tell)
    elif here.sample < WORSE * scene.sample_before or not scene.sample.left(here.sample):
        return _quiet(scene)
    return blamed(scene, "parameters", thrown_off(scene), tell)


def _early(scene: Scene, tell: Tell) -> Cause:
    """There is no course to hold the point against, only other batches at the same parameters, and the start."""
    looked = scene.looked
    if Usual.of([loss for loss, _ in looked.others]).left(looked.loss) and looked.loss > looked.others_loss:
        return Cause("batch", scene.here.step, (), _batch(scene))
    if not scene.here.sample < WORSE * scene.sample_before:
        return blamed(scene, "parameters", thrown_off(scene), tell)
    text = f"the loss is {num(looked.loss)}, of other batches {num(looked.others_loss)}."
    return Cause("early", -1, (), f"Too early to say what is usual; {text}")


def growth(scene: Scene) -> float:
    """By how much the loss of known rows grows in a step, as a factor, where it does so nearly all the time; else 1."""
    course = [step.sample for step in (*scene.before, *scene.near) if 0.0 < step.sample < math.inf]
    rises = sum(after > before for before, after in itertools.pairwise(course))
    if len(course) < FEWEST or rises < STEADILY * (len(course) - 1):
        return 1.0
    return float((course[-1] / course[0]) ** (1.0 / (len(course) - 1)))


def _runaway(scene: Scene, grown: float) -> str:
    first, here = (*scene.before, *scene.near)[0], scene.here
    end = "out of all numbers" if not math.isfinite(here.sample) else f"to {num(here.sample)}"
    return (
        f"Each step makes it worse, whatever the batch: the loss of known rows has gone from {num(first.sample)} at "
        f"step {first.step} {end}, about × {num(grown)} a step. The steps are too long for this place."
    )


def _quiet(scene: Scene) -> Cause:
    """The loss is as usual; the gradient may not be."""
    here, looked = scene.here, scene.looked
    if scene.loss.far(here.loss):
        return _not_new(scene)
    if not scene.norm.left(here.norm):
        usual = f"{num(scene.loss.low)} to {num(scene.loss.high)}"
        return Cause("ordinary", -1, (), f"Nothing unusual: the loss is {num(here.loss)}, mostly {usual} before.")
    text = f"The gradient norm is {num(here.norm)}, {num(scene.norm.median)} in the steps before, at a usual loss: "
    if not scene.norm.left(looked.others_norm):
        return Cause("batch", here.step, (), f"{text}it is this batch; others give {num(looked.others_norm)} here.")
    return Cause("parameters", -1, (), f"{text}it is the place; other batches give {num(looked.others_norm)} here.")


def _not_new(scene: Scene) -> Cause:
    """The loss is far from usual, and that of many steps before is too."""
    steps = (*scene.before, *scene.near)
    far = [step.step for step in steps if scene.loss.far(step.loss)]
    text = f"Not new: the loss is {num(scene.here.loss)}, {num(scene.loss.median)} in most of the steps before, but "
    if len(far) > HALF * (scene.here.step - far[0] + 1):
        return Cause("ordinary", far[0], (), f"{text}it is out of range since step {far[0]}: explain that one.")
    return Cause("ordinary", -1, (), f"{text}{len(far) - 1} of those {len(steps) - 1} were as far out.")


def _batch(scene: Scene) -> str:
    if scene.loss.known and scene.here.loss < scene.loss.median:
        others = num(scene.looked.others_loss)
        return f"An easy batch: it costs {num(scene.here.loss)}, others at the same parameters {others}."
    return (
        f"This batch did it: it costs {num(scene.here.loss)}, others at the same parameters "
        f"{num(scene.looked.others_loss)}; {rows(scene.looked)}."
    )
