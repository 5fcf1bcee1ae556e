"""lr-too-low: the loss falls in a straight, slow line because the steps are far too short.

Two measured signs: the critical multiplier c* says that a step hundreds of times as long would still lower the loss,
and the update-to-weight ratio is far under the healthy range in every layer. Both also hold at a minimum, so the rule
asks that the gradient is still as strong as at the start and that, going on like this, the budget will not suffice.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

ROOM = 256.0
"""c* from which a step is far too short, in ROOM_SHARE of the readings (FAILURE_MODES)."""
ROOM_SHARE = 0.75
READINGS = 8
TINY = 3e-4
"""Largest layer's update ratio; healthy small nets 1.8e-4 to 3.1e-3, too low here under 2.5e-4."""
USUAL = 2e-3
"""Largest layer's update ratio from which a step is as long as steps usually are: something else slows the run."""
STILL = TINY / 30
"""Update ratio of an adaptive rule, whose updates are about the rate whatever the gradient is, under which nothing can
be seen to fall: a thousand such steps move the weights by a hundredth."""
MOVED = 0.1
"""‖W−W₀‖/‖W₀‖ of a run that has hardly left its beginning."""
STRONG = 0.3
"""Gradient norm against its early level: under it the run nears a minimum (healthy runs at a floor here 0.1)."""
WAIT = 0.1
"""Share of the budget that is watched first (FAILURE_MODES)."""
LATE = 0.25
"""Without tiny updates the forecast alone is believed only after this share of the budget."""
ENOUGH = 0.5
"""rel_gain that the budget should reach at least."""
COOLED, LEFT = 0.01, 0.25
"""Share of its highest under which a schedule has ended the training, and share of the budget that was left then. The
usual schedules (cosine, one cycle, steps of a tenth) come so low within the last tenth or not at all."""
LITTLE = 0.3
"""rel_gain under which a run that was ended so early has learned too little (FAILURE_MODES, underfitting)."""


def check(look: Look) -> Answer:
    room = look.recent("step/critical").finite().tail(3 * READINGS)
    if look.budget < WAIT or look.age < WAIT * look.planned / 2:
        return f"judged from {percent(WAIT)} of the budget on"
    if len(room) < READINGS:
        return f"{len(room)} of {READINGS} readings of the critical step"
    if look.lr <= 0 or math.isnan(look.gain) or not math.isfinite(look.loss):
        return None
    cooled = look.gain < LITTLE and _cooled_early(look)
    if _annealed(look) and not cooled:
        return None
    largest = largest_update(look)
    if look.gain >= ENOUGH or _strength_left(look) < STRONG or not (cooled or _falling(look) or _still(look, largest)):
        return None
    if not (0 < largest < USUAL or (cooled and largest == 0)) or look.forecast >= ENOUGH:
        return None
    wide, tiny, forecast = stats.share(room >= ROOM), TINY / max(largest, 1e-12), look.forecast
    by_room = min(wide / ROOM_SHARE, tiny if look.budget < LATE else max(tiny, _slow(forecast)))
    moved = look.points("weight/distance").finite()
    by_size = min(tiny, MOVED / max(moved.last, 1e-12)) if len(moved) else 0.0
    strength = min(3.0, max(by_room, by_size))
    if strength < 0.5:
        return None
    level = stats.median(room)
    better = look.base_lr * min(remedies.LARGEST_LR_STEP, math.sqrt(max(level, 1)))
    return Reading(
        strength=strength,
        headline=f"A step {num(level)} times as long would still lower the loss; at this pace the run ends at "
        f"{num(look.constant_loss * (1 - forecast))}, against {num(look.constant_loss)} for a constant guess.",
        because=f"The learning rate {num(look.lr)} moves the weights by only {num(largest)} of their length per step"
        + (f": the schedule has brought it down from {num(look.base_lr)} by now." if cooled else "."),
        since_step=look.start,
        confidence=0.9 if tiny > 1 else 0.75,
        evidence=(
            Evidence("step/critical", f"{percent(wide)} of {len(room)} readings at {num(ROOM)} or more", level, ROOM),
            Evidence("update_ratio", f"largest of all layers {num(largest)}", largest, TINY, step=look.step),
            against_a_guess(look.loss_name, forecast, ENOUGH, look.step, "forecast at the end"),
        ),
        remedies=remedies.ranked(
            remedies.restart("restart with a cosine decay over the whole budget", schedule__kind="cosine")
            if cooled
            else None,
            remedies.turn(
                look, "lr", better, f"learning rate {num(better)} (room {num(level)}, raised by its root, at most ×30)"
            ),
            remedies.turn(look, "lr", look.base_lr * 10, "ten times the learning rate"),
            remedies.restart("restart with Adam at its usual rate", optimizer__kind="adam", optimizer__lr=1e-3)
            if not look.adaptive
            else None,
        ),
    )


def largest_update(look: Look) -> float:
    """Update ratio of the layer that moves most, of late; NaN where none is known."""
    return max((stats.median(values) for values in look.layers("update_ratio", 5).values()), default=math.nan)


def _still(look: Look, largest: float) -> bool:
    return look.adaptive and 0 < largest < STILL


def _annealed(look: Look) -> bool:
    """Whether a schedule has the rate well under its highest: warming up, or cooled down at the end."""
    rates = look.recent("lr").finite().values
    return len(rates) > 1 and rates[-1] < 0.5 * float(np.max(rates))


def _cooled_early(look: Look) -> bool:
    """Whether a schedule has brought the rate to nothing long before the end of the budget."""
    rates = look.recent("lr").finite()
    low = rates.steps[rates.values < COOLED * float(np.max(rates.values, initial=0.0))]
    return bool(len(low)) and rates.last < COOLED * float(np.max(rates.values)) and low[0] < (1 - LEFT) * look.planned


def _strength_left(look: Look) -> float:
    norms = look.recent("grad/norm").finite()
    early = look.early("grad/norm", 20)
    return stats.median(norms.tail(20)) / max(stats.median(early), 1e-30) if len(norms) and len(early) else 0.0


def _falling(look: Look) -> bool:
    """The loss goes down, however slowly."""
    return look.trend.bins >= 4 and look.trend.change < 0 and look.trend.p < 0.05


def _slow(forecast: float) -> float:
    """How clearly the forecast misses what the budget should reach; 1 at a rel_gain of 0.3."""
    return (ENOUGH - forecast) / (ENOUGH - 0.3)


RULE = Rule("lr-too-low", check, needs=("step/critical",), confirm=(3, 4), clear=3)
