"""learning: the loss is clearly better than a constant guess, or is on its way there. Green needs evidence too."""

import math

from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

HIGH = 0.15
"""rel_gain that is evidence by itself."""
RISING = 0.02
"""rel_gain that is evidence while the loss still falls significantly."""

HELD = 0.6
"""Strength at which a run that was learning keeps its verdict while its loss pauses."""


def check(look: Look) -> Answer:
    if math.isnan(look.gain):
        return "no loss to compare with a constant guess"
    needed = RISING if look.improving else HIGH
    gain = look.gain
    if gain < needed / 2:
        return None
    moving = f", {percent(look.trend.change)} in the last {look.trend.steps:,} steps" if look.trend.steps else ""
    return Reading(
        strength=max(gain / needed, HELD if gain >= RISING else 0.0),
        headline=f"The training loss is {num(look.loss)}, {percent(gain)} better than a constant guess{moving}.",
        because="The loss falls and no alarm stands." if look.improving else "The loss is well under a constant guess.",
        since_step=look.start,
        severity="note",
        confidence=0.9,
        evidence=(against_a_guess(look.loss_name, gain, needed, look.step),),
    )


RULE = Rule("learning", check, needs=("train/loss",), confirm=(1, 1), clear=3, patient=False)
