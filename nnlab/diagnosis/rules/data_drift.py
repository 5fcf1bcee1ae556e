"""data-drift: the incoming data no longer come from the distribution that the run began with.

Two tests must agree (Kolmogorov–Smirnov over the features with Bonferroni's p, and the population stability index),
twice in a row; whether it matters is then a question of the loss. Drift without an effect is a note.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.points import Points
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

P = 1e-3
"""Bonferroni's p over the features (FAILURE_MODES)."""
PSI = 0.2
"""Population stability index of the worst feature (FAILURE_MODES; the usual limit of a major shift)."""
HURT = 0.2
"""Loss after the onset over its level before: a fifth more is an effect."""
WINDOW = 50
"""Steps of training loss on either side of the onset."""
PAGE_HINKLEY = 50.0
"""Statistic on the standardised batch loss that counts as a change by itself (the usual lambda)."""
EXPLAINS_RATE = ("lr-too-high", "lr-too-low", "class-collapse")
"""A loss that jumps when the data change, and a rate too short to follow, are the drift's doing."""


def check(look: Look) -> Answer:
    p, psi = look.points("drift/p").finite(), look.points("drift/psi").finite()
    if len(p) < 2 or len(psi) < 2:
        return f"{min(len(p), len(psi))} of 2 evaluations"
    moved = min(_log_strength(float(p.tail(2).max())), float(psi.tail(2).min()) / PSI)
    concept = look.points("drift/page_hinkley").finite()
    changed = concept.last / PAGE_HINKLEY if len(concept) else 0.0
    strength = max(moved, changed)
    if strength < 0.5:
        return None
    onset = _onset(look, p) if moved >= changed else look.step
    rise = _rise(look, onset)
    known = next((mark.step for mark in look.history.marks if mark.kind == "drift"), None)
    told = f"; the stream's own drift began at step {known:,}" if known is not None else ""
    hurts = rise >= HURT or changed >= 1
    effect = f"the training loss rose by {percent(rise)} since" if rise > 0.02 else "the loss has not suffered so far"
    return Reading(
        strength=min(strength, 5.0),
        headline=f"The inputs have changed since about step {onset:,} (stability index {num(psi.last)}); {effect}.",
        because=f"The worst feature's distribution differs from the reference with p = {num(p.last)}{told}.",
        since_step=onset,
        severity="warning" if hurts else "note",
        explains=EXPLAINS_RATE,
        confidence=0.95 if moved >= 1 else 0.8,
        evidence=(
            Evidence(
                "drift/psi", f"largest population stability index {num(psi.last)}, limit {num(PSI)}", psi.last, PSI
            ),
            Evidence("drift/p", f"Kolmogorov–Smirnov p {num(p.last)} after Bonferroni, limit {num(P)}", p.last, P),
            Evidence("train/loss", f"change of its level since the onset: {percent(rise)}", rise, HURT),
        ),
        remedies=remedies.ranked(
            remedies.advice("check the pipeline that delivers the data"),
            remedies.turn(look, "replay", 0.2, "mix a fifth of old data into each batch"),
            remedies.turn(look, "lr", look.lr / 3, "a third of the learning rate while the new regime settles"),
        ),
    )


def _log_strength(p: float) -> float:
    """1 at the limit, more for smaller p, in decades."""
    return math.log10(max(p, 1e-30)) / math.log10(P)


def _onset(look: Look, p: Points) -> int:
    """First evaluation of the present run of rejections."""
    calm = np.flatnonzero(p.values >= P)
    return int(p.steps[min(len(p) - 1, calm[-1] + 1)]) if len(calm) else int(p.steps[0])


def _rise(look: Look, onset: int) -> float:
    """Relative change of the median batch loss from before the onset to now, in units of the larger of it and "
    "L_c/10."""
    losses = look.points("train/loss").finite()
    before = losses.values[(losses.steps < onset) & (losses.steps >= onset - WINDOW)]
    now = losses.since(onset).values
    if len(before) < 5 or len(now) < 5:
        return 0.0
    worst = max((stats.median(part) for part in np.array_split(now, max(1, len(now) // WINDOW))), default=math.nan)
    floor = max(stats.median(before), 0.1 * look.constant_loss if math.isfinite(look.constant_loss) else 0.0)
    return (worst - stats.median(before)) / max(floor, 1e-12)


RULE = Rule("data-drift", check, needs=("drift/p", "drift/psi"), confirm=(1, 2), clear=4, patient=False)
