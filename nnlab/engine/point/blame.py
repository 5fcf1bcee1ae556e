"""What threw a run off its course: shown by doing the steps again without it.

What happened to the run shortly before is left out, group by group, nearest first; then the batch of the step that did
it is looked at; then the steps are made shorter. Where the point is half gone, that was the cause.
"""

import itertools
import math
from collections.abc import Callable, Sequence

from nnlab.engine.point.looked import Looked, look, rows
from nnlab.engine.point.scene import Cause, Scene, num
from nnlab.engine.point.usual import share
from nnlab.engine.tree import PLANNED, Entry
from nnlab.wire.events import KnobTurned, Marked
from nnlab.wire.point import PointKind, WhatIf
from nnlab.wire.telling_point import distance, turned

BEGINS = 0.1
"""Share of the way that known rows must have gone for the parameters to count as thrown off already."""
GROUPS = 3
"""Steps at which something happened that are left out in turn, at most."""
RATES = {0.5: "half the rate", 0.1: "a tenth of the rate", 0.01: "a hundredth of the rate"}
"""Shorter steps that are tried in turn."""

Tell = Callable[[str], None]


def thrown_off(scene: Scene) -> int:
    """The step whose update was the first to throw the parameters off."""
    usual, before, whole = scene.sample, scene.sample_before, scene.here.sample
    steps = scene.near if usual.known else (*scene.before, *scene.near)
    off = (
        step.step
        for step in steps
        if (usual.left(step.sample) or not usual.known) and not share(step.sample, before, whole) < BEGINS
    )
    return next(off, scene.here.step) - 1


def blamed(scene: Scene, kind: PointKind, culprit: int, tell: Tell) -> Cause:
    """Leave out what happened near, and then lower the rate."""
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
    if scene.here.sample < scene.sample_before:
        text = (
            f"All batches cost less than before, since step {culprit}: learning, with nothing changed shortly before."
        )
        return Cause(kind, culprit, tuple(tried), text)
    return _step_itself(scene, culprit, tuple(tried), tell)


def _suspects(scene: Scene, culprit: int) -> list[tuple[int, list[Entry]]]:
    """What happened to the run up to the culprit, by step, the nearest first."""
    first = scene.first
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
        if isinstance(mark, Marked) and mark.kind in PLANNED and scene.first <= mark.step <= scene.here.step
    ]  # fmt: skip
    return f"{own[-1].text} (step {own[-1].step})" if own else "the data have changed"


def _without(scene: Scene, group: Sequence[Entry], step: int, loss: float) -> str:
    when = distance(scene.here.step - step)
    together = " together" if len(group) > 1 else ""
    return (
        f"{_told(group)}{together}, {when}, did it: without it the loss here would have been {num(loss)} instead of "
        f"{num(scene.here.loss)}."
    )


def _step_itself(scene: Scene, culprit: int, tried: tuple[WhatIf, ...], tell: Tell) -> Cause:
    """Nothing that happened explains it: was it the culprit's batch, or the length of the steps?"""
    seen = f"The parameters were thrown off in step {culprit}: "
    norm = next((step.norm for step in (*scene.before, *scene.near) if step.step == culprit), 0.0)
    if not math.isfinite(norm):
        return Cause("parameters", culprit, tried, f"{seen}its gradient was not finite (norm {norm}).")
    spoiled = _its_batch(scene, culprit)
    if spoiled is not None:
        text = f"the gradient of its batch was {num(spoiled.norm)}, others' {num(spoiled.others_norm)}"
        return Cause("parameters", culprit, tried, f"{seen}{text}; {rows(spoiled)}.")
    begin = scene.near[0].step if scene.sample.known else scene.first
    for factor, words in RATES.items():
        tell(f"again at {words} from step {begin} on")
        scene.walk.restart()
        again = scene.walk.slowed(begin, scene.here.step + 1, factor)
        tried = (*tried, WhatIf(begin, f"at {words} from step {begin} on", again.loss))
        if scene.gone(again, "parameters"):
            text = (
                f"the steps are too long for this place; at {words} from step {begin} on the loss here would have been"
            )
            return Cause("parameters", culprit, tried, f"{seen}{text} {num(again.loss)}, not {num(scene.here.loss)}.")
    since = "all batches cost more since" if math.isfinite(scene.here.loss) else "no batch has a finite loss since"
    text = f"{since}, nothing was changed shortly before, and a lower rate would not help."
    return Cause("parameters", culprit, tried, seen + text)


def _its_batch(scene: Scene, culprit: int) -> Looked | None:
    """The batch of the culprit, if its gradient was out of the ordinary there and others' were not."""
    if culprit < scene.first:
        return None
    scene.walk.restart()
    scene.walk.walk(culprit)
    scene.walk.arrive()
    looked = look(scene.walk.training)
    spoiled = scene.norm.left(looked.norm) and not scene.norm.left(looked.others_norm)
    return looked if spoiled else None


def _told(group: Sequence[Entry]) -> str:
    return " and ".join(entry.text if isinstance(entry, Marked) else turned(entry) for entry in group)
