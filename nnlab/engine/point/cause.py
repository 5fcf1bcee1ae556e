"""The cause of one point of a run, by doing steps again without what may have caused it.

A loss out of its usual range has one of three reasons, told apart by what else is high at the same parameters: only
this batch (its rows), all batches but not rows known from before (the data have changed), or those too (the parameters
have been thrown off, at a step that can be found). For the last two, what happened to the run shortly before is left
out, group by group, nearest first: where the point is then half gone, that was the cause.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nnlab.engine.point.looked import Looked, look
from nnlab.engine.point.usual import FEWEST, Usual, share
from nnlab.engine.point.walk import Stepped, Walk
from nnlab.engine.tree import PLANNED, Entry
from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.point import PointKind, WhatIf

HALF = 0.5
"""Share of the way from the usual loss that a reason must account for."""
BEGINS = 0.1
"""Share of the way that known rows must have gone for the parameters to count as thrown off already."""
RUNAWAY, STEADILY = 1.6, 0.75
"""Factor a step from which on a loss explodes (FAILURE_MODES §2, exploding-gradients: slope), and share of the steps
that must go up."""
GROUPS = 3
"""Steps at which something happened that are left out in turn, at most."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """A point: the steps `before` it that say what is usual, those `near` it (the last is the point), and its batch."""

    walk: Walk
    before: Sequence[Stepped]
    near: Sequence[Stepped]
    looked: Looked

    @property
    def here(self) -> Stepped:
        """The step in question."""
        return self.near[-1]

    @property
    def loss(self) -> Usual:
        """The usual loss."""
        return Usual.of([step.loss for step in self.before])

    @property
    def norm(self) -> Usual:
        """The usual gradient norm."""
        return Usual.of([step.norm for step in self.before])

    @property
    def sample(self) -> Usual:
        """The usual loss of the fixed rows."""
        return Usual.of([step.sample for step in self.before])

    def gone(self, again: Stepped, kind: PointKind) -> bool:
        """Whether the point is more than half gone where it is done again: by known rows, which are less noisy than a
        batch, where parameters were thrown off."""
        if kind == "parameters":
            return share(again.sample, self.sample.median, self.here.sample) < HALF
        return share(again.loss, self.loss.median, self.here.loss) < HALF


@dataclass(frozen=True, slots=True)
class Cause:
    """Fields as those of `PointAgain`."""

    kind: PointKind
    culprit: int
    tried: tuple[WhatIf, ...]
    sentence: str


def cause(scene: Scene, tell: Tell) -> Cause:
    """The cause of the point."""
    here, usual = scene.here, scene.loss
    if not usual.known:
        return _early(scene)
    if (grown := growth(scene)) >= RUNAWAY:
        return Cause("parameters", scene.before[0].step, (), _runaway(scene, grown))
    if usual.left(here.loss):
        if not usual.left(scene.looked.others_loss):
            return Cause("batch", here.step, (), _batch(scene))
        if share(here.sample, scene.sample.median, scene.looked.others_loss) < HALF:
            return _blamed(scene, "data", here.step, tell)
    elif not scene.sample.left(here.sample):
        return _quiet(scene)
    return _blamed(scene, "parameters", _thrown_off(scene), tell)


def _early(scene: Scene) -> Cause:
    """There is no course to hold the point against, only other batches at the same parameters."""
    looked = scene.looked
    if Usual.of([loss for loss, _ in looked.others]).left(looked.loss) and looked.loss > looked.others_loss:
        return Cause("batch", scene.here.step, (), _batch(scene))
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
    first, here = scene.before[0], scene.here
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
        text = f"Nothing unusual: the loss is {num(here.loss)}, {num(scene.loss.median)} in the steps before."
        return Cause("ordinary", -1, (), text)
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
        f"{num(scene.looked.others_loss)}; {_rows(scene.looked)}."
    )


def _rows(looked: Looked) -> str:
    """Which rows make up half of the loss, if they are few."""
    whole = list(itertools.accumulate(row.share for row in looked.worst))
    enough = next((count for count, sum_ in enumerate(whole, 1) if not sum_ < HALF), None)
    if enough is None or enough > max(1, len(looked.rows) // 4):
        return "its rows share in it"
    named = ", ".join(str(row.row) for row in looked.worst[:enough])
    one = "query" if looked.counted == "queries" else "row"
    many = looked.counted if looked.counted == "queries" else "rows"
    part = f"{whole[enough - 1]:.0%} of it" if math.isfinite(whole[enough - 1]) else "all of it"
    return f"{one} {named} makes up {part}" if enough == 1 else f"{many} {named} make up {part}"


def _thrown_off(scene: Scene) -> int:
    """The step whose update was the first to throw the parameters off."""
    usual, whole = scene.sample, scene.here.sample
    off = (
        step.step
        for step in scene.near
        if usual.left(step.sample) and not share(step.sample, usual.median, whole) < BEGINS
    )
    return next(off, scene.here.step) - 1


def _blamed(scene: Scene, kind: PointKind, culprit: int, tell: Tell) -> Cause:
    """Leave out what happened near, and then halve the rate."""
    tried: list[WhatIf] = []
    for step, group in _suspects(scene, culprit):
        tell(f"again without {_told(group)} (step {step})")
        scene.walk.restart()
        again = scene.walk.walk(scene.here.step + 1, without=group)[-1]
        tried.append(WhatIf(step, _told(group), again.loss))
        if scene.gone(again, kind):
            return Cause(kind, step, tuple(tried), _without(scene, group, step, again.loss))
    if kind == "data":
        text = f"All batches cost more from here on ({num(scene.looked.others_loss)}), rows known from before do not: "
        return Cause(kind, culprit, tuple(tried), f"{text}{_changed(scene)}.")
    return _step_itself(scene, culprit, tuple(tried), tell)


def _suspects(scene: Scene, culprit: int) -> list[tuple[int, list[Entry]]]:
    """What happened to the run up to the culprit, by step, the nearest first."""
    first = scene.before[0].step
    changes = [
        entry for entry in scene.walk.entries
        if first <= entry.step <= culprit and (isinstance(entry, KnobTurned) or entry.kind == "phase")
    ]  # fmt: skip
    groups = [(step, list(group)) for step, group in itertools.groupby(changes, key=lambda entry: entry.step)]
    return groups[::-1][:GROUPS]


def _changed(scene: Scene) -> str:
    """What the data did by themselves, which cannot be left out."""
    own = [
        mark for mark in scene.walk.entries
        if isinstance(mark, Marked) and mark.kind in PLANNED and scene.before[0].step <= mark.step <= scene.here.step
    ]  # fmt: skip
    return f"{own[-1].text} (step {own[-1].step})" if own else "the data have changed"


def _without(scene: Scene, group: Sequence[Entry], step: int, loss: float) -> str:
    after = scene.here.step - step
    when = "at this very step" if not after else f"{after} step{'s' if after > 1 else ''} before"
    together = " together" if len(group) > 1 else ""
    return (
        f"{_told(group)}{together}, {when}, did it: without it the loss here would have been {num(loss)} instead of "
        f"{num(scene.here.loss)}."
    )


def _step_itself(scene: Scene, culprit: int, tried: tuple[WhatIf, ...], tell: Tell) -> Cause:
    """Nothing that happened explains it: was it the culprit's batch, or the length of the steps?"""
    walk, here = scene.walk, scene.here
    seen = f"The parameters were thrown off in step {culprit}: "
    if culprit >= scene.before[0].step:
        walk.restart()
        walk.walk(culprit)
        walk.arrive()
        looked = look(walk.training)
        if scene.norm.left(looked.norm) and not scene.norm.left(looked.others_norm):
            text = f"{seen}the gradient of its batch was {num(looked.norm)}, others' {num(looked.others_norm)}; "
            return Cause("parameters", culprit, tried, f"{text}{_rows(looked)}.")
    tell("again at half the rate")
    walk.restart()
    begin = scene.near[0].step
    walk.walk(begin)
    walk.training.turn_lr(walk.training.base_lr / 2)
    again = walk.walk(here.step + 1)[-1]
    tried = (*tried, WhatIf(begin, f"at half the rate from step {begin} on", again.loss))
    if scene.gone(again, "parameters"):
        text = f"{seen}the steps are too long for this place; at half the rate from step {begin} on the loss here"
        done = f"{text} would have been {num(again.loss)} instead of {num(here.loss)}."
        return Cause("parameters", culprit, tried, done)
    text = f"{seen}all batches cost more since, nothing was changed shortly before, and half the rate would not help."
    return Cause("parameters", culprit, tried, text)


def _told(group: Sequence[Entry]) -> str:
    return " and ".join(_entry(entry) for entry in group)


def _entry(entry: KnobTurned | Marked) -> str:
    if isinstance(entry, Marked):
        return entry.text
    return f"{entry.knob} {_value(entry.old)} → {_value(entry.new)} by {entry.source}"


def _value(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def num(value: float) -> str:
    """A measured value in a few digits."""
    return f"{value:.3g}"
