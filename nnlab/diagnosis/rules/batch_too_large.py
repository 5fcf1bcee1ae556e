"""batch-too-large: far more rows per step than the gradient needs, in a budget that has too few steps for it.

Healthy full-batch runs have as low a noise scale, so the budget clause is mandatory: the loss is still falling fast
and will not get where it could with the steps that are left.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules.lr_too_low import ROOM
from nnlab.diagnosis.words import num, percent

CLEAR = 0.1
"""Noise scale over batch size, median of PROBES (FAILURE_MODES)."""
CLEARLY = 0.04
"""The same of a run that is on its way to ENOUGH by steps that are not far too short (c* under ROOM): healthy
full-batch runs reach that."""
PROBES = 6
FEW = 400
"""Steps of a budget that can be called short."""
ENOUGH = 0.6
"""rel_gain from which the budget evidently suffices."""
WAIT = 0.25


def check(look: Look) -> Answer:
    noise = look.recent("grad/noise_scale").finite().tail(PROBES)
    if look.planned > FEW or look.batch_size < 64:
        return None
    if look.budget < WAIT or len(noise) < PROBES:
        return f"{len(noise)} of {PROBES} readings of the noise scale after {percent(WAIT)} of the budget"
    if math.isnan(look.gain) or look.gain >= ENOUGH or not look.improving:
        return None
    ratio = stats.median(noise) / look.batch_size
    room = stats.median(look.recent("step/critical").finite().tail(PROBES))
    limit = CLEARLY if look.forecast >= ENOUGH and room < ROOM else CLEAR
    strength = min(
        limit / max(ratio, 1e-9), ENOUGH / max(look.gain, 1e-3), room / 16 if math.isfinite(room) else 1.0, 3.0
    )
    if strength < 0.5:
        return None
    smaller = max(16, int(look.batch_size) // 8)
    return Reading(
        strength=strength,
        headline=f"Each of the {look.planned} steps averages {look.batch_size:.0f} rows, although "
        f"{num(max(1.0, ratio * look.batch_size))} would do: the budget ends before the loss ({num(look.loss)}) "
        "has fallen.",
        because=f"A batch of {smaller} gives nearly the same direction and many times as many steps.",
        since_step=look.start,
        confidence=0.8,
        evidence=(
            Evidence(
                "grad/noise_scale",
                f"noise scale over batch size {num(ratio)}, limit {num(limit)}",
                ratio,
                limit,
                step=look.step,
            ),
            against_a_guess(look.loss_name, look.gain, ENOUGH, look.step, f"at {percent(look.budget)} of the budget"),
        ),
        remedies=remedies.ranked(
            remedies.restart(
                f"restart with batches of {smaller} for as many epochs",
                train__batch_size=smaller,
                train__steps=look.planned * max(1, round(look.batch_size / smaller)),
            ),
            remedies.turn(look, "batch_size", smaller, f"batches of {smaller}"),
            remedies.turn(look, "lr", look.base_lr * 8, "a larger learning rate"),
        ),
    )


RULE = Rule("batch-too-large", check, needs=("grad/noise_scale",), confirm=(2, 3), clear=3)
