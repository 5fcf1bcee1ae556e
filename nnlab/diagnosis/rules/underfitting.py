"""underfitting: training and validation loss are both high and stay there, with gradients alive and a fair step.

The difference to a bare plateau is the validation set: it agrees with the training set, so it is not a matter of
generalising, and the optimizer is not to blame either. A run that has learned a part underfits too where it stays far
behind a guess from the nearest training rows, which needs no training.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.guess import against_a_guess
from nnlab.diagnosis.look import TREND_READINGS, Look
from nnlab.diagnosis.neighbours import lag
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules.plateau import patience
from nnlab.diagnosis.tested import verdicts
from nnlab.diagnosis.words import num, percent

LOW_GAIN = 0.2
"""rel_gain under which hardly anything is learned (FAILURE_MODES: 0.3; noisy but healthy data end at 0.27)."""
ENOUGH = 0.5
"""rel_gain that the budget should reach at least (lr-too-low)."""
GAP = 0.15
"""Training minus validation rel_gain: more is a matter of generalising."""
WAIT_FLOOR = 0.12
"""Share of the budget first watched where the run is at its floor: slow starters have room for longer steps there
(c* of 32 and more)."""
LATER = 0.05
"""Share of the budget that deeper nets are watched longer than for a bare plateau: their optimizer may be at fault."""
FLOOR_LAYERS = 2
"""Deeper nets leave a saddle of no gain late and at once, and it looks like a floor until then."""
FLOOR_ROOM, FLOOR_READINGS = 16.0, 8
"""c*, median of so many readings, from which on no step leads further down."""
FLOOR_MOVED = 0.2
"""‖W−W₀‖/‖W₀‖ of a run that has gone somewhere: one that never left its start may still learn."""
LATE, NOTHING, HOPE = 0.5, 0.05, 0.1
"""Past half of the budget a rel_gain of nothing, heading for next to nothing, is no slow start any more."""
SLOW = 0.02
"""Relative fall per window that still counts as standing still."""


def check(look: Look) -> Answer:
    return _behind(look) or _near_a_guess(look)


def _behind(look: Look) -> Reading | None:
    """A run that has come to a stand far behind what the inputs tell without any training."""
    found = lag(look)
    if found is None or found.strength < 0.5 or look.gain < HOPE:
        return None
    return Reading(
        strength=min(found.strength, _standing(look), 3.0),
        headline=f"The model is far behind a guess from the nearest training rows: {found.told}, and the loss stands "
        "still.",
        because=_cause(look),
        since_step=look.start,
        confidence=0.8,
        evidence=(
            found.evidence(look),
            against_a_guess(look.loss_name, look.gain, ENOUGH, look.step),
        ),
        remedies=_remedies(look),
    )


def _standing(look: Look) -> float:
    """Strength of 'the loss stands still'."""
    return SLOW / max(-look.stall.change, 1e-9) if look.stall.p < 0.01 else 2.0


def _near_a_guess(look: Look) -> Answer:
    hopeless = look.budget >= LATE and look.gain < NOTHING and look.forecast < HOPE
    if look.gain >= 2 * LOW_GAIN or (not hopeless and look.improving and look.stall.change < -2 * SLOW):
        return None
    wait = WAIT_FLOOR if _at_floor(look) else patience(look) + LATER
    if look.budget < wait or look.age < wait * look.planned / 2:
        return f"judged from {percent(wait)} of the budget on"
    if not look.trend_known or math.isnan(look.val_gain) or math.isnan(look.gain):
        return f"{look.trend.bins} of {TREND_READINGS} readings of the trend"
    gap = look.gain - look.val_gain
    pace = 1.0 if hopeless else min(2.0 if look.stalled else 0.8, _standing(look))
    strength = min(pace, LOW_GAIN / max(look.gain, 1e-3), GAP / max(gap, 1e-3))
    if strength < 0.5:
        return None
    accuracy = look.recent("val/accuracy").finite()
    also = f", accuracy {percent(accuracy.last)}" if len(accuracy) else ""
    return Reading(
        strength=strength,
        headline=f"Training loss {num(look.loss)} and validation loss {num(look.val_loss)} are both close to the "
        f"{num(look.constant_loss)} of a constant guess and stay there{also}.",
        because=_cause(look),
        since_step=look.stall.first_step,
        confidence=0.8,
        evidence=(
            against_a_guess(look.loss_name, look.gain, LOW_GAIN, look.step),
            against_a_guess("val/loss", look.val_gain, LOW_GAIN, look.step, "on validation"),
            Evidence(
                look.loss_name,
                f"change {percent(look.stall.change)} over {look.stall.steps:,} steps",
                look.stall.change,
                -SLOW,
            ),
        ),
        remedies=_remedies(look),
    )


def _remedies(look: Look) -> tuple[Remedy, ...]:
    return remedies.ranked(
        remedies.advice("check that loss, output and labels belong together (nnlab overfit-batch)"),
        remedies.turn(look, "weight_decay", 0.0, "no weight decay")
        if look.setting("weight_decay", "optimizer.weight_decay", 0.0) > 0
        else None,
        remedies.turn(look, "dropout", 0.0, "no dropout")
        if look.setting("dropout", "model.dropout", 0.0) > 0
        else None,
        _wider(look),
        remedies.restart("train four times as long", train__steps=4 * look.planned),
    )


def _at_floor(look: Look) -> bool:
    """Whether the run has gone where its steps lead and finds nothing there: next to no gain, and no step helps."""
    moved = look.points("weight/distance").finite()
    room = look.recent("step/critical").finite().tail(FLOOR_READINGS)
    if len(room) < FLOOR_READINGS or not len(moved) or len(look.info.layers) > FLOOR_LAYERS:
        return False
    gone = FLOOR_MOVED <= moved.last < math.inf
    return gone and look.gain < HOPE and stats.median(room) <= FLOOR_ROOM


def _cause(look: Look) -> str:
    said = verdicts(look.history).get("overfit-batch")
    if said and not said.verdict.startswith("fits"):
        return f"Not even one batch can be learned by heart ({said.said}): look for a bug before anything else."
    known = "One batch can be learned by heart, so loss, labels and gradient belong together. " if said else ""
    return known + _shape(look)


def _shape(look: Look) -> str:
    if len(look.info.layers) == 1:
        return "A single linear layer can only draw straight boundaries."
    widths = [layer.outputs for layer in look.info.layers[:-1]]
    if widths and min(widths) <= 4:
        return f"The narrowest hidden layer has {min(widths)} units: too few for what there is to learn."
    return "Either the model is too small for the task, or the inputs do not tell the targets."


def _wider(look: Look) -> Remedy:
    if look.text("model.kind", "mlp") != "mlp":
        return remedies.advice("give the model more units")
    return remedies.resized(look, "restart with two hidden layers of 64 units", 64, 64)


RULE = Rule("underfitting", check, needs=("train/probe_loss", "val/loss"), confirm=(3, 4), clear=3)
