"""lr-too-high: the steps are longer than the loss surface allows.

Flips of the loss alone are worthless (healthy runs flip in 79 % of steps), and training at the edge of stability is
benign while the loss falls. So every way to see it asks that the loss is bad and does not fall:

* thrown: within a short time the weights moved many times their own initial length, and it did not help;
* blown: the loss jumped far above a constant guess and stays there;
* jumping: at the probes the step raises the loss (c* ≤ 1, with real jumps);
* shaking: the loss swings well above the lowest it had.
"""

import math
from dataclasses import replace

import numpy as np

from nnlab.diagnosis import climbing, remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.points import Points
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.rules.lr_too_low import STILL, largest_update
from nnlab.diagnosis.words import num, percent, times

THROWN = 5.0
"""‖W−W₀‖ in units of the weights' usual initial norm (FAILURE_MODES; healthy maximum here 4.3 at the end of a run)."""
THROWN_SHARE = 0.1
"""The weights must have moved so far within this share of the budget."""
GOOD_GAIN = 0.5
"""rel_gain from which a run is left alone."""
BLOWN = 3.0
"""Loss over the worse of first loss and constant guess."""
READINGS = 8
"""Probes for a median of c* (FAILURE_MODES)."""
JUMP, JUMP_SHARE = 0.05, 0.3
"""A real jump raises the probe loss by 5 %; three in ten probes jump (FAILURE_MODES)."""
SHAKE = 0.15
"""Robust deviation of the log loss about its course (FAILURE_MODES)."""
ABOVE = 1.2
"""Loss over the lowest smoothed loss so far (FAILURE_MODES)."""
FLIPS = 0.4
"""Share of neighbouring changes of opposite sign (FAILURE_MODES)."""
RECOVERING = 0.7
"""Strength at most while a run that was thrown learns after all: no new alarm, and no all-clear before RECOVERED."""
RECOVERED = 0.75
"""rel_gain from which a run that was thrown is well again: such nets often stop half-way, with a class or two lost."""
TARGET_UPDATE = 2e-3
"""Update-to-weight ratio that a remedy aims for: healthy small nets measured 1.8e-4 to 3.1e-3."""


def check(look: Look) -> Answer:
    losses = look.recent(look.loss_name)
    if not len(losses):
        return "no reading since the last change"
    if not math.isfinite(look.loss) or math.isnan(look.constant_loss):
        return None
    found = [reading for way in (_thrown, _blown, _jumping, _shaking) if (reading := way(look, losses)) is not None]
    best = max(found, key=lambda reading: reading.strength, default=None)
    if best is None and len(losses) < READINGS:
        return f"{len(losses)} of {READINGS} probes"
    if best is None:
        return None
    return replace(best, explains=tuple({mode: None for reading in found for mode in reading.explains}))


def _thrown(look: Look, losses: Points) -> Reading | None:
    if look.gain >= RECOVERED:
        return None
    moved = look.points("weight/distance").finite()
    norm = look.points("weight/norm").finite()
    if len(moved) < 2 or not len(norm):
        return None
    usual = math.sqrt(sum(layer.outputs for layer in look.info.layers) / 3)
    initial = float(norm.values[0])
    length = moved.values * (initial / max(initial, usual, 1e-30))
    window = moved.steps >= look.step - THROWN_SHARE * look.planned
    first = int(np.argmax(moved.steps >= max(look.start - look.info.probe_every, 0)))
    quick = length[first:] - length[first]
    within = quick[moved.steps[first:] <= moved.steps[first] + THROWN_SHARE * look.planned]
    reach = max(float(np.max(within)), float(np.ptp(length[window])) if window.any() else 0.0)
    if reach < THROWN / 2:
        return None
    learns = look.gain >= GOOD_GAIN or (look.improving and look.gain > 0.1)
    step = int(moved.steps[first + int(np.argmax(quick >= min(reach, THROWN)))])
    text = f"moved {times(reach)} their usual initial length by step {step} (healthy runs stay under {num(THROWN)})"
    return _reading(
        look,
        min(reach / THROWN, RECOVERING) if learns else reach / THROWN,
        0.9,
        f"The weights were thrown {num(reach)} times their own length by step {step}, and the loss is "
        f"{num(look.loss)}, "
        f"no better than {num(look.constant_loss)} for a constant guess.",
        Evidence("weight/distance", text, reach, THROWN, step=step),
        explains=("dead-units", "saturated-units", "vanishing-gradients", "exploding-gradients", "no-gradient"),
    )


def _blown(look: Look, losses: Points) -> Reading | None:
    start = look.points(look.loss_name).since(max(0, look.start - 1)).finite()
    if len(losses) < 3 or not len(start):
        return None
    reference = max(float(start.values[0]), look.constant_loss)
    now = stats.median(losses.tail(3))
    if now < BLOWN / 2 * reference:
        return None
    return _reading(
        look,
        now / (BLOWN * reference),
        0.85,
        f"The loss jumped from {num(float(start.values[0]))} to {num(now)} and stays there.",
        Evidence(
            look.loss_name, f"{times(now / reference)} where it began or a constant guess", now, BLOWN * reference
        ),
        explains=("dead-units", "saturated-units", "no-gradient"),
    )


def _jumping(look: Look, losses: Points) -> Reading | None:
    if look.gain >= GOOD_GAIN:
        return None
    critical = look.recent("step/critical").finite().tail(2 * READINGS)
    change = look.recent("step/change").finite().tail(2 * READINGS)
    if len(critical) < READINGS or len(change) < READINGS:
        return None
    level, jumps = stats.median(critical), stats.share(change > JUMP)
    strength = min(1 / max(level, 1e-3), jumps / JUMP_SHARE)
    if strength < 0.5 or look.improving:
        return None
    return _reading(
        look,
        strength,
        0.85,
        f"{percent(jumps)} of the probed steps raised the loss by more than {percent(JUMP)}: "
        f"the steps overshoot (critical multiplier {num(level)}).",
        Evidence(
            "step/critical",
            f"median {num(level)} of {len(critical)}; 1 means the step itself raises the loss",
            level,
            1,
        ),
        Evidence("step/change", f"{percent(jumps)} of probes jump by more than {percent(JUMP)}", jumps, JUMP_SHARE),
    )


def _shaking(look: Look, losses: Points) -> Reading | None:
    """A loss that goes up and down from probe to probe, by steps that move the weights at all: a batch drawn anew makes
    it do so too."""
    values = losses.tail(20)
    if len(values) < 12 or look.gain >= GOOD_GAIN or look.improving or look.loss < 0.1 * look.constant_loss:
        return None
    logs = np.log(np.maximum(values, 1e-30))
    if stats.flip_rate(logs) < FLIPS or largest_update(look) < STILL:
        return None
    swing, above = stats.noise(logs), look.loss / max(look.best_loss, 1e-30)
    strength = min(swing / SHAKE, (above - 1) / (ABOVE - 1))
    if strength < 0.5:
        return None
    return _reading(
        look,
        strength,
        0.8,
        f"The loss swings by {percent(swing)} from probe to probe and stands {percent(above - 1)} above its best.",
        Evidence(look.loss_name, f"robust swing {percent(swing)}, limit {percent(SHAKE)}", swing, SHAKE),
        Evidence(look.loss_name, f"{times(above)} its lowest value {num(look.best_loss)}", above, ABOVE),
    )


def _reading(
    look: Look, strength: float, confidence: float, headline: str, *evidence: Evidence, explains: tuple[str, ...] = ()
) -> Reading:
    return Reading(
        strength=strength,
        headline=headline,
        because=climbing.BECAUSE
        if climbing.climbs(look)
        else f"At learning rate {num(look.lr)} a step is longer than the valley is wide.",
        since_step=look.start,
        severity="critical",
        confidence=confidence,
        evidence=evidence,
        remedies=_remedies(look),
        explains=explains,
    )


def lower_lr(look: Look) -> float:
    """A rate whose updates would be of healthy size, judged from the largest update ratio of the regime's start."""
    early = [
        float(points.values[0])
        for name in look.layer_names
        if len(points := look.recent(f"layer/{name}/update_ratio").finite())
    ]
    largest = max(early, default=0.0)
    factor = TARGET_UPDATE / largest if largest > 0 else 0.1
    return look.base_lr * min(1 / 3, max(factor, 1e-4))


def _remedies(look: Look) -> tuple[Remedy, ...]:
    lower = lower_lr(look)
    lost = look.start == 0
    before = next((turn.old for turn in reversed(look.history.turns) if turn.knob == "lr"), None)
    return remedies.ranked(
        climbing.turned_round(look),
        remedies.restart(f"restart with learning rate {num(lower)}", optimizer__lr=lower) if lost else None,
        remedies.turn(look, "lr", before, "the learning rate as it was before") if isinstance(before, float) else None,
        remedies.turn(look, "lr", lower, f"learning rate {num(lower)}, where updates are of healthy size"),
        remedies.restart("restart with a cosine decay", schedule__kind="cosine", optimizer__lr=lower),
        remedies.turn(look, "clip_norm", 1.0, "clip gradients at norm 1"),
        remedies.turn(look, "batch_size", int(look.batch_size) * 4, "a larger batch"),
    )


RULE = Rule("lr-too-high", check, needs=("train/probe_loss",), confirm=(2, 3), clear=4)
