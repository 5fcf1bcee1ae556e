"""overfitting: the validation loss turns up while the training loss goes on down.

Ratios of near-zero losses mean nothing, so the rise is measured in units of L_c, the loss of a constant guess, and
against the noise of the evaluations. Where accuracy holds and the gap is small the model is only overconfident: a note.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

RISE = 0.05
"""Smoothed validation loss above its minimum, relative (FAILURE_MODES) and in units of L_c."""
MILD_RISE = 0.15
"""The same in units of L_c where the gap between training and validation is small."""
GAP = 0.1
"""Training minus validation, in accuracy or r²: from here on the model knows its rows by heart."""
LEARNED = 0.3
"""rel_gain in training without which there is nothing that was fitted too well; where validation lags by GAP any will
do, but a run that is worse than a constant guess has fitted nothing."""
EVALUATIONS = 5
"""Evaluations that the rise must last (FAILURE_MODES)."""
NOISE = 3.0
"""Rise over the noise of the evaluations (FAILURE_MODES)."""
AUGMENT = 0.3
"""Noise on the inputs that a remedy adds, in standard deviations of each feature."""
SPAN = 3
"""Evaluations that the average covers."""


def check(look: Look) -> Answer:
    points = look.recent("val/loss").finite()
    if len(points) < EVALUATIONS + SPAN:
        return f"{len(points)} of {EVALUATIONS + SPAN} evaluations"
    if look.phased:
        return None
    constant = look.constant_loss_val if look.constant_loss_val > 0 else look.constant_loss
    smooth = stats.ema(points.values, SPAN)
    lowest = int(np.argmin(smooth))
    after = smooth[lowest:]
    if len(after) <= EVALUATIONS:
        return None
    train = look.recent(look.loss_name).finite()
    before = train.values[: max(1, int(np.searchsorted(train.steps, points.steps[lowest], side="right")))][-SPAN:]
    fell = stats.median(before) - look.loss
    if not fell > -0.01 * constant:
        return None
    tau, p = stats.mann_kendall(stats.bin_means(after, 16))
    if tau <= 0 or p > 0.01:
        return None
    gap = _gap(look)
    if look.gain < (LEARNED if gap < GAP else 0.0):
        return None
    rise = float(smooth[-1] - smooth[lowest])
    relative = rise / max(float(smooth[lowest]), 1e-12)
    noise = stats.noise(points.values[lowest:]) / math.sqrt(SPAN)
    needed = RISE if gap >= GAP else MILD_RISE
    strength = min(relative / RISE, rise / (needed * constant), rise / (NOISE * noise) if noise > 0 else 9.0)
    if strength < 0.5:
        return None
    step = int(points.steps[lowest])
    return Reading(
        strength=strength,
        headline=f"Validation loss rose {percent(relative)} above its minimum {num(float(smooth[lowest]))} "
        f"(step {step:,}) "
        f"while the training loss fell to {num(look.loss)}.",
        because=_cause(look, gap),
        since_step=step,
        severity="critical" if relative > 0.5 and gap >= GAP else "warning",
        confidence=0.9 if gap >= GAP else 0.75,
        evidence=(
            Evidence(
                "val/loss",
                f"rose {percent(relative)} above its minimum {num(float(smooth[lowest]))} at step {step}",
                float(smooth[-1]),
                float(smooth[lowest]) + needed * constant,
                step=look.step,
            ),
            Evidence(look.loss_name, f"fell to {num(look.loss)} meanwhile", look.loss, stats.median(before)),
            Evidence("gap", f"training ahead of validation by {percent(gap)}", gap, GAP),
        ),
        remedies=_remedies(look, step),
    )


def _remedies(look: Look, lowest: int) -> tuple[Remedy, ...]:
    """`lowest` is the step of the lowest validation loss."""
    decay = max(1e-3, 10 * look.setting("weight_decay", "optimizer.weight_decay", 0.0))
    quiet = look.knob_spec("augment") and look.setting("augment", "data.augment", 0.0) < AUGMENT
    undropped = look.setting("dropout", "model.dropout", 0.0) < 0.3
    return remedies.ranked(
        remedies.restart(f"stop early: train {lowest:,} steps", train__steps=max(1, lowest)),
        remedies.turn(look, "augment", AUGMENT, f"noise of {num(AUGMENT)} standard deviations on the inputs")
        if quiet
        else None,
        remedies.turn(look, "weight_decay", decay, "stronger weight decay"),
        remedies.turn(look, "dropout", 0.3, "dropout 0.3") if undropped else None,
        remedies.advice("more training data, or a smaller model"),
        remedies.turn(look, "label_smoothing", 0.1, "label smoothing 0.1") if look.task == "classification" else None,
    )


def _gap(look: Look) -> float:
    """How far training is ahead of validation: accuracy where there is one, rel_gain otherwise."""
    seen, held = look.recent("train/probe_accuracy").finite(), look.recent("val/accuracy").finite()
    if len(seen) and len(held):
        return stats.median(seen.tail(SPAN)) - stats.median(held.tail(SPAN))
    return min(look.gain - look.val_gain, 1.0) if math.isfinite(look.val_gain) else 1.0


def _cause(look: Look, gap: float) -> str:
    rows, parameters = look.number("n_train", 0), look.number("parameters", 0)
    if gap < GAP:
        return "The answers are still right but ever more confident, also where they are wrong."
    if parameters > rows > 0:
        return f"{parameters:,.0f} parameters can learn {rows:,.0f} training rows by heart."
    return "The model goes on fitting what is special to the training rows."


RULE = Rule("overfitting", check, needs=("val/loss",), confirm=(2, 3), clear=4)
