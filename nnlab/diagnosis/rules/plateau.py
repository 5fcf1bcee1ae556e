"""plateau: the training loss stands still far from anything learned, and nothing upstream explains it.

A flat loss at a high rel_gain is convergence. Everything that stops a run ends in a plateau, so it ranks last and is
folded under any cause that is found.
"""

import math

from nnlab.diagnosis import remedies
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import TREND_READINGS, Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

STUCK_GAIN = 0.2
"""rel_gain under which a flat loss is a plateau (FAILURE_MODES: 0.3; noisy but healthy data end at 0.27)."""
FLAT = 0.01
"""Relative change over the window that counts as flat (FAILURE_MODES)."""
RISING = 0.2
"""A loss that climbs so much does not stand still: that is another mode's business."""
WAIT = 0.2
"""Share of the budget first watched: slow starters (deep tanh nets, spirals) stand still for 15 % and then learn."""
PAUSED, PAUSE = 0.1, 3.0
"""Above this rel_gain the wait grows by so much for each point of it: a run that has learned something often pauses, on
its way past a saddle, and then learns the rest."""


def patience(look: Look) -> float:
    """Share of the budget before a loss that stands still is called stuck."""
    return WAIT + PAUSE * (look.gain - PAUSED) if look.gain > PAUSED else WAIT


def check(look: Look) -> Answer:
    if look.improving or look.gain >= 2 * STUCK_GAIN or not math.isfinite(look.loss):
        return None
    wait = patience(look)
    if look.budget < wait or look.age < wait * look.planned / 2:
        return f"judged from {percent(wait)} of the budget on"
    if not look.trend_known or math.isnan(look.gain):
        return f"{look.trend.bins} of {TREND_READINGS} readings of the trend"
    trend = look.stall
    if trend.change > RISING and trend.p < 0.01:
        return None
    flat = FLAT / max(-trend.change, 1e-9) if trend.p < 0.01 else 2.0
    strength = min(2.0 if look.stalled else 0.8, flat, STUCK_GAIN / max(look.gain, 1e-3))
    if strength < 0.5:
        return None
    return Reading(
        strength=strength,
        headline=f"The training loss has stood at {num(look.loss)} for {trend.steps:,} steps (change "
        f"{percent(trend.change)}); "
        f"a constant guess gives {num(look.constant_loss)}.",
        because="No cause has been found upstream: look at the data, the learning rate and the model's size in turn.",
        since_step=trend.first_step,
        confidence=0.8,
        evidence=(
            Evidence(
                look.loss_name,
                f"change {percent(trend.change)} over {trend.steps:,} steps, p = {num(trend.p)}",
                trend.change,
                -FLAT,
                step=look.step,
            ),
            against_a_guess(look.loss_name, look.gain, STUCK_GAIN, look.step),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "lr", look.base_lr * 3, "three times the learning rate"),
            remedies.restart(
                "restart with warm-up and cosine decay",
                schedule__kind="cosine",
                schedule__warmup_steps=look.planned // 10,
            ),
            remedies.restart("restart with Adam", optimizer__kind="adam", optimizer__lr=1e-3)
            if not look.adaptive
            else None,
            remedies.turn(look, "shuffle", True, "shuffle the data") if look.text("data.shuffle") == "False" else None,
            remedies.advice("give the model more units"),
        ),
    )


RULE = Rule("plateau", check, needs=("train/probe_loss",), confirm=(3, 4), clear=3)
