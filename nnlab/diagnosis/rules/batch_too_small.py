"""batch-too-small: the gradient of a batch is nearly all noise, and the noise keeps the loss from falling.

The noise scale diverges at any minimum, so the run must be far from one and must not improve.
"""

import math

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num

NOISY = 20.0
"""Noise scale over batch size, median of PROBES (FAILURE_MODES)."""
PROBES = 6
"""Readings of the noise scale (FAILURE_MODES: 8 single ones; each of these is an average of about ten)."""
SPREAD = 0.5
"""Coefficient of variation of the batch loss over STEPS steps; single rows of healthy runs vary as much, so the
loss must not fall besides."""
STEPS = 100
LOW_GAIN = 0.3
SIGNAL = 0.05
"""Best rel_gain on validation: without any signal no batch is large enough, and it is the data's fault."""
SMALL = 8.0
"""Batches larger than this are not called small."""
WAIT = 0.15
WANDERING = 0.8
"""Strength at most while the loss falls: noise also makes it fall for a while, which settles nothing."""
NOISE_FLOOR = -0.5
"""rel_gain down to which a loss that hovers is the noise of small batches; below, the steps themselves are too long."""


def check(look: Look) -> Answer:
    noise = look.recent("grad/noise_scale").finite().tail(PROBES)
    losses = look.recent("train/loss").finite().tail(STEPS)
    if look.budget < WAIT or len(noise) < PROBES or len(losses) < STEPS // 2:
        return f"{len(noise)} of {PROBES} readings of the noise scale"
    if look.batch_size > SMALL or math.isnan(look.gain):
        return None
    held = look.recent("val/loss").finite().values
    constant = look.constant_loss_val
    useful = 1 - float(held.min()) / constant if len(held) and constant > 0 else look.best_gain / 3
    if useful < SIGNAL:
        return None
    ratio = stats.median(noise) / look.batch_size
    spread = float(losses.std() / max(abs(float(losses.mean())), 1e-12))
    bad = LOW_GAIN / max(look.gain, 1e-3)
    overshoot = stats.median(look.recent("step/critical").finite().tail(PROBES))
    long = 2.0 / max(overshoot, 0.125) if math.isfinite(overshoot) else 1.0
    strength = min(ratio / NOISY, spread / SPREAD, bad, long, WANDERING if look.improving else 3.0)
    if strength < 0.5:
        return None
    larger = max(32, int(look.batch_size) * 4)
    return Reading(
        strength=strength,
        headline=f"A batch of {look.batch_size:.0f} gives almost pure noise: about "
        f"{num(min(ratio, 1e6) * look.batch_size)} rows "
        "would be needed for the noise to equal the signal.",
        because="The steps follow the noise of single rows, so the loss wanders instead of falling.",
        since_step=look.start,
        confidence=0.75,
        evidence=(
            Evidence(
                "grad/noise_scale",
                f"{num(ratio)} times the batch size, limit {num(NOISY)}",
                ratio,
                NOISY,
                step=look.step,
            ),
            Evidence("train/loss", f"batch losses vary by {num(spread)} of their mean", spread, SPREAD, step=look.step),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "batch_size", larger, f"batches of {larger}"),
            remedies.turn(look, "lr", look.base_lr / 4, "a quarter of the learning rate"),
        ),
        explains=("lr-too-high",) if look.gain > NOISE_FLOOR else (),
    )


RULE = Rule("batch-too-small", check, needs=("grad/noise_scale",), confirm=(2, 3), clear=3)
