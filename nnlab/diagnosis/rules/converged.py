"""converged: the loss stands still at a high rel_gain, or at its floor with hardly any gradient left."""

import math

from nnlab.diagnosis import stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import TREND_READINGS, Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

HIGH = 0.6
"""rel_gain of a plateau that is convergence (FAILURE_MODES)."""
DONE = 0.98
"""rel_gain from which a further fall of the loss is of no interest."""
FLAT = 0.05
"""Relative change of the loss over the trend window that counts as standing still at a high rel_gain."""
CERTAIN = 0.05
"""p of a trend under which a change is one: single noisy batches move the loss by more than FLAT and mean nothing."""
MOVED, HELD = 0.05, 0.6
"""A run that has converged stays so while its loss moves by less than this much of a constant guess's."""
FLOOR_GAIN = 0.2
"""rel_gain at least, where the gradient says that the floor is reached."""
FLOOR = 0.1
"""Gradient norm against its early level at a floor."""


def check(look: Look) -> Answer:
    if math.isnan(look.gain):
        return "no loss to compare with a constant guess"
    if not look.trend_known:
        return f"{look.trend.bins} of {TREND_READINGS} readings of the trend"
    change = abs(look.trend.change)
    norms, early = look.recent("grad/norm").finite(), look.early("grad/norm", 20)
    left = stats.median(norms.tail(20)) / max(stats.median(early), 1e-30) if len(norms) and len(early) else math.nan
    still = FLAT / max(change, 1e-9) if look.trend.p < CERTAIN else 2.0
    by_gain = min(look.gain / HIGH, max(still, look.gain / DONE if look.gain >= DONE else 0.0))
    by_floor = min(look.gain / FLOOR_GAIN, FLOOR / max(left, 1e-9), still) if math.isfinite(left) else 0.0
    moved = change * look.loss / look.constant_loss
    held = HELD if look.gain >= HIGH and moved < MOVED else 0.0
    strength = min(2.0, max(by_gain, by_floor, held))
    if strength < 0.5:
        return None
    return Reading(
        strength=strength,
        headline=f"The training loss stands at {num(look.loss)}, {percent(look.gain)} better than a constant guess.",
        because=_because(look, left, strength > by_gain),
        since_step=look.trend.first_step,
        severity="note",
        confidence=0.9,
        evidence=(
            against_a_guess(look.loss_name, look.gain, HIGH, look.step),
            Evidence(
                look.loss_name,
                f"{percent(look.trend.change)} in the last {look.trend.steps:,} steps",
                look.trend.change,
                -FLAT,
                step=look.step,
            ),
            Evidence("grad/norm", f"{percent(left)} of its early level", left, FLOOR, step=look.step),
        ),
    )


def _because(look: Look, left: float, at_floor: bool) -> str:
    """What of the three witnesses speaks: next to nothing left, a gradient that has gone, or a loss that stands."""
    if look.gain >= DONE:
        return f"What is left is {percent(1.0 - look.gain)} of that guess's loss: a further fall is of no interest."
    if at_floor and left <= FLOOR:
        return f"The gradient is down to {percent(left)} of its early level: the floor is reached."
    return f"It has moved by {percent(look.trend.change)} in the last {look.trend.steps:,} steps: it stands still."


RULE = Rule("converged", check, needs=("train/probe_loss",), confirm=(2, 3), clear=3, patient=False)
