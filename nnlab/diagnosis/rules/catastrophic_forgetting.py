"""catastrophic-forgetting: what was learned before is lost while something else is learned.

Measured as the fall of an earlier task's accuracy under its own peak, outside the binomial interval, while the data
have moved on. Replay still loses a few points, which is why the limit is not small.
"""

import math

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.points import Points
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

# A stream that moved on is not asked for its past: there the same measurement is a note.
FALL = 0.15
"""Accuracy under its own peak (FAILURE_MODES)."""
PEAK_OVER_CHANCE = 0.15
"""A task must have been learned before it can be forgotten."""
EVALUATIONS = 3


def check(look: Look) -> Answer:
    names = [name for name in look.history.names() if _is_task(name)]
    if not names:
        return "needs task/<i>/accuracy or phase/<i>/accuracy"
    worst: tuple[float, str, Points, float] | None = None
    for name in names:
        points = look.points(name).finite()
        if len(points) < 2 * EVALUATIONS:
            continue
        smooth = stats.ema(points.values, EVALUATIONS)
        peak, now = float(smooth.max()), float(stats.median(points.tail(EVALUATIONS)))
        doubt = stats.binomial_margin(now, look.number("n_val", 100) / max(1, len(names)))
        known = peak - chance(look) >= PEAK_OVER_CHANCE
        strength = min((peak - now) / FALL, (peak - now) / max(doubt, 1e-3)) if known else 0.0
        if worst is None or strength > worst[0]:
            worst = strength, name, points, peak
    if worst is None:
        return f"fewer than {2 * EVALUATIONS} evaluations of any task"
    strength, name, points, peak = worst
    if strength < 0.5:
        return None
    now = stats.median(points.tail(EVALUATIONS))
    onset = int(points.steps[int(np.argmax(stats.ema(points.values, EVALUATIONS)))])
    task = name.removesuffix("/accuracy")
    return Reading(
        strength=strength,
        headline=f"Accuracy on {task} fell from {percent(peak)} to {percent(now)} since step {onset:,}, "
        "while later data are learned.",
        because="The updates for the new data overwrite the weights that the old data needed; nothing of it is "
        "replayed.",
        since_step=onset,
        severity="note" if name.startswith("stream/") else "critical",
        confidence=0.9,
        evidence=(
            Evidence(
                name,
                f"{percent(peak - now)} under its own peak, limit {percent(FALL)}",
                now,
                peak - FALL,
                step=look.step,
            ),
            Evidence(name, f"backward transfer {num(now - peak)}", now - peak, -0.1, step=look.step),
        ),
        remedies=remedies.ranked(
            remedies.turn(look, "replay", 0.2, "replay a fifth of old rows in each batch")
            if look.knob_spec("replay")
            else remedies.advice("mix a fifth of old rows into each batch"),
            remedies.turn(look, "lr", look.base_lr / 10, "a tenth of the learning rate for the new data"),
            remedies.advice("hold the weights that mattered (elastic weight consolidation)"),
            remedies.advice("a separate output head for each task"),
        ),
    )


def _is_task(name: str) -> bool:
    return (name.startswith(("task/", "phase/")) and name.endswith("/accuracy")) or name == "stream/reference_accuracy"


def chance(look: Look) -> float:
    """Accuracy of always guessing the most frequent class."""
    classes = look.number("classes", 2)
    return max(look.number("majority_share", 0.0), 1 / max(classes, 2)) if math.isfinite(classes) else 0.5


RULE = Rule("catastrophic-forgetting", check, needs=("train/loss",), confirm=(2, 3), clear=4, patient=False)
