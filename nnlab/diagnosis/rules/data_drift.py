"""data-drift: the incoming data no longer come from the distribution that the run began with.

Two tests must agree (Kolmogorov–Smirnov over the features with Bonferroni's p, and the population stability index),
twice in a row; or the maximum mean discrepancy, which also sees what no single feature shows, speaks three times in a
row. Whether it matters is then a question of the loss. Drift without an effect is a note.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.points import Points
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num

P = 1e-3
"""Bonferroni's p over the features (FAILURE_MODES)."""
PSI = 0.2
"""Population stability index of the worst feature (FAILURE_MODES; the usual limit of a major shift)."""
MMD_P = 0.01
"""p of the maximum mean discrepancy (FAILURE_MODES)."""
MMD_READINGS = 3
"""Evaluations in a row under it: with two, one healthy run in a hundred would alarm (100 looks × 0.01²)."""
HURT = 0.2
"""rel_gain that the training loss lost since the onset: that much is an effect."""
RECOVERED = 0.6
"""rel_gain of a model that has adapted to the new data after a loss twice as large."""
WINDOW = 50
"""Steps of training loss on either side of the onset."""
PAGE_HINKLEY = 50.0
"""Statistic on the standardised batch loss that counts as a change by itself (the usual lambda)."""
DECAYED = 0.1
"""Share of the base rate under which a schedule is taken to have ended its work."""
EXPLAINED = (
    "lr-too-high", "lr-too-low", "exploding-gradients", "catastrophic-forgetting", "label-noise", "class-collapse"
)  # fmt: skip
"""A loss that jumps when the data change, and a rate too short to follow, are the drift's doing."""


def check(look: Look) -> Answer:
    p, psi = look.points("drift/p").finite(), look.points("drift/psi").finite()
    if len(p) < 2 or len(psi) < 2:
        return f"{min(len(p), len(psi))} of 2 evaluations"
    features = min(_log_strength(float(p.tail(2).max()), P), float(psi.tail(2).min()) / PSI)
    together = look.points("drift/mmd_p").finite()
    jointly = _log_strength(float(together.tail(MMD_READINGS).max()), MMD_P) if len(together) >= MMD_READINGS else 0.0
    moved = max(features, jointly)
    concept = look.points("drift/page_hinkley").finite()
    changed = concept.last / PAGE_HINKLEY if len(concept) else 0.0
    strength = max(moved, changed)
    if strength < 0.5:
        return None
    onset = look.step
    if moved >= changed:
        onset = _onset(p, P) if features >= jointly else _onset(together, MMD_P)
    worst, now = _losses(look, *_calm(p if features >= jointly else together, onset))
    hurt = worst >= HURT or changed >= 1
    if hurt and (now < HURT or (now < worst / 2 and look.gain >= RECOVERED)) and changed < 1:
        return None
    known = next((mark.step for mark in look.history.marks if mark.kind == "drift"), None)
    told = f"; the stream's own drift began at step {known:,}" if known is not None else ""
    decayed = 0 < look.lr < DECAYED * look.base_lr
    replay = remedies.turn(look, "replay", 0.2, "mix a fifth of old data into each batch")
    risen = f"the training loss is {num(now)} × a constant guess above its level before"
    effect = risen if hurt else "the loss has not suffered so far"
    return Reading(
        strength=min(strength, 5.0),
        headline=f"The inputs have changed since about step {onset:,} (stability index {num(psi.last)}); {effect}.",
        because=f"{_difference(p, together, features >= jointly)}{told}.",
        since_step=onset,
        severity="warning" if hurt else "note",
        explains=EXPLAINED,
        confidence=0.95 if moved >= 1 else 0.8,
        evidence=(
            Evidence(
                "drift/psi", f"largest population stability index {num(psi.last)}, limit {num(PSI)}", psi.last, PSI
            ),
            Evidence("drift/p", f"Kolmogorov–Smirnov p {num(p.last)} after Bonferroni, limit {num(P)}", p.last, P),
            *_kernel(look, together),
            Evidence(
                "train/loss",
                f"rise since the onset {num(now)} × the loss of a constant guess, at worst {num(worst)}",
                now,
                HURT,
            ),
        ),
        remedies=remedies.ranked(
            *((_rate(look), replay) if decayed else (replay, _rate(look))),
            remedies.advice("check the pipeline that delivers the data"),
        ),
    )


def _rate(look: Look) -> Remedy | None:
    """A schedule that has decayed cannot follow the new regime; a rate at its height may be too much for it."""
    if 0 < look.lr < DECAYED * look.base_lr:
        raised = look.base_lr * look.base_lr / look.lr
        return remedies.turn(look, "lr", raised, "bring the decayed learning rate back to where it began")
    return remedies.turn(look, "lr", look.base_lr / 3, "a third of the learning rate while the new regime settles")


def _difference(p: Points, together: Points, by_feature: bool) -> str:
    if by_feature:
        return f"The worst feature's distribution differs from the reference with p = {num(p.last)}"
    return f"The features together differ from the reference (maximum mean discrepancy, p = {num(together.last)})"


def _kernel(look: Look, together: Points) -> tuple[Evidence, ...]:
    if not len(together):
        return ()
    size = look.points("drift/mmd").finite().last
    text = f"maximum mean discrepancy {num(size)}, p {num(together.last)}, limit {num(MMD_P)}"
    return (Evidence("drift/mmd_p", text, together.last, MMD_P),)


def _log_strength(p: float, limit: float) -> float:
    """1 at the limit, more for smaller p, in decades."""
    return math.log10(max(p, 1e-30)) / math.log10(limit)


def _onset(p: Points, limit: float) -> int:
    """First evaluation of the present run of rejections."""
    calm = np.flatnonzero(p.values >= limit)
    return int(p.steps[min(len(p) - 1, calm[-1] + 1)]) if len(calm) else int(p.steps[0])


def _calm(tested: Points, onset: int) -> tuple[int, int]:
    """The last evaluation but one before the onset, and the last: it may already have rows of the change, too few to
    reject."""
    before = tested.steps[tested.steps < onset]
    return (int(before[max(0, len(before) - 2)]), int(before[-1])) if len(before) else (onset, onset)


def _losses(look: Look, calm: int, since_step: int) -> tuple[float, float]:
    """rel_gain lost since the level of the WINDOW steps before `calm`: in the worst stretch of as many steps from
    `since_step` on, and in the last one."""
    losses = look.points("train/loss").finite()
    before = losses.values[(losses.steps < calm) & (losses.steps >= calm - WINDOW)]
    since = losses.since(since_step).values
    if len(before) < 5 or len(since) < 5 or not look.constant_loss > 0:
        return 0.0, 0.0
    level = stats.median(before)
    stretches = [stats.median(part) for part in np.array_split(since, max(1, len(since) // WINDOW))]
    return (max(stretches) - level) / look.constant_loss, (stretches[-1] - level) / look.constant_loss


RULE = Rule("data-drift", check, needs=("drift/p", "drift/psi"), confirm=(1, 2), clear=4, patient=False)
