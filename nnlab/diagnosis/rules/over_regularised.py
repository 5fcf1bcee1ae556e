"""over-regularised: the penalty or the dropout, not the data, decides what the weights do.

At a minimum the penalty's gradient balances that of the data, so a ratio of one is no fault in a run that has learned.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

RATIO = 0.7
"""Penalty over data gradient norm; sick runs settle at 0.85 to 1 (FAILURE_MODES: 1), where both balance."""
PROBES = 5
LOW_GAIN = 0.35
"""rel_gain under which the data have too little say."""
SHRUNK = 0.8
"""Weight norm over its initial value."""
DROPOUT_GAP = 0.08
"""rel_gain that dropout takes from a run with a low one."""
MUCH_DROPOUT = 0.4
WAIT = 0.1


def check(look: Look) -> Answer:
    if look.budget < WAIT:
        return f"judged from {percent(WAIT)} of the budget on"
    if math.isnan(look.gain) or look.gain >= 2 * LOW_GAIN:
        return None
    return _penalty(look) or _dropout(look)


def _penalty(look: Look) -> Reading | None:
    ratios = look.recent("grad/penalty_ratio").finite().tail(PROBES)
    norm, first = look.points("weight/norm").finite(), look.early("weight/norm", 1)
    if len(ratios) < PROBES or not len(norm) or not len(first):
        return None
    ratio, shrunk = stats.median(ratios), norm.last / max(float(first[0]), 1e-12)
    strength = min(ratio / RATIO, LOW_GAIN / max(look.gain, 1e-3), SHRUNK / max(shrunk, 1e-3), 3.0)
    if strength < 0.5:
        return None
    decay = look.setting("weight_decay", "optimizer.weight_decay", 0.0)
    l2 = look.number("objective.l2", 0.0)
    return Reading(
        strength=strength,
        headline=f"The penalty pulls {num(ratio)} times as hard as the data: the weights shrank to "
        f"{percent(shrunk)} of their "
        f"initial length and the loss is still {num(look.loss)}.",
        because=f"Weight decay {num(decay)}" + (f" and an l2 term of {num(l2)}" if l2 else "") + " outweigh the loss.",
        since_step=look.start,
        severity="critical",
        confidence=0.9,
        evidence=(
            Evidence("grad/penalty_ratio", f"median {num(ratio)} of {PROBES} probes", ratio, RATIO, step=look.step),
            Evidence("weight/norm", f"{percent(shrunk)} of its initial value", shrunk, SHRUNK, step=look.step),
            Evidence(look.loss_name, f"rel_gain {num(look.gain)}", look.gain, LOW_GAIN, step=look.step),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "weight_decay", decay / 100, "a hundredth of the weight decay") if decay > 0 else None,
            remedies.restart("restart with a hundredth of the l2 term", objective__l2=l2 / 100) if l2 > 0 else None,
            remedies.turn(look, "weight_decay", 0.0, "no weight decay") if decay > 0 else None,
        ),
        explains=(
            "vanishing-gradients",
            "dead-units",
            "plateau",
            "underfitting",
            "lr-too-high",
            "class-collapse",
            "bad-init",
        ),
    )


def _dropout(look: Look) -> Reading | None:
    rate = look.setting("dropout", "model.dropout", 0.0)
    noisy = look.recent("train/dropout_loss").finite().tail(PROBES)
    if rate < MUCH_DROPOUT or len(noisy) < PROBES:
        return None
    with_it = 1 - stats.median(noisy) / look.constant_loss
    taken = look.gain - with_it
    strength = min(taken / DROPOUT_GAP, LOW_GAIN / max(with_it, 1e-3), LOW_GAIN / max(look.gain, 1e-3), 3.0)
    if strength < 0.5:
        return None
    return Reading(
        strength=strength,
        headline=f"With dropout {num(rate)} the training loss is {num(stats.median(noisy))}, without it "
        f"{num(look.loss)}: "
        "the noise hides what there is to learn.",
        because=f"{percent(rate)} of the units are missing in every step.",
        since_step=look.start,
        confidence=0.85,
        evidence=(
            Evidence(
                "train/dropout_loss", f"dropout takes {num(taken)} of rel_gain", taken, DROPOUT_GAP, step=look.step
            ),
            Evidence(look.loss_name, f"rel_gain {num(look.gain)}", look.gain, LOW_GAIN, step=look.step),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "dropout", rate / 2 if rate < 0.6 else 0.2, "less dropout"),
            remedies.turn(look, "dropout", 0.0, "no dropout"),
        ),
        explains=("lr-too-low",),
    )


RULE = Rule("over-regularised", check, needs=("train/probe_loss",), confirm=(3, 4), clear=3)
