"""catastrophic-forgetting: what was learned before is lost while something else is learned.

Measured as the fall of an earlier task's accuracy under its own peak, outside the binomial interval, while the data
have moved on and the new ones are being learned. Replay still loses a few points, which is why the limit is not small;
and it dips when a task begins before it recovers, which is why the new task must be a few evaluations old and the old
one must not be coming back.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np

from nnlab.diagnosis import remedies, stats
from nnlab.diagnosis.finding import Evidence, Remedy
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.rule import Answer, Reading, Rule
from nnlab.diagnosis.words import num, percent

FALL = 0.15
"""Accuracy under its own peak (FAILURE_MODES)."""
TRANSFER = -0.1
"""Mean change of accuracy on finished tasks since each ended (FAILURE_MODES)."""
LEARNED = 0.15
"""Over chance: less has not been learned, and cannot be forgotten, nor is it what the others are forgotten for."""
COMING_BACK = 0.05
"""p of the rise since the lowest accuracy under which a task is still coming back (Mann–Kendall)."""
RISE = 0.03
"""Accuracy that it gains meanwhile, at least: a fifth of FALL over the newest TREND evaluations."""
JUST_UNDER = 0.9
"""Strength that neither raises nor clears the finding."""
EVALUATIONS = 3
SETTLED = 8
"""Evaluations of the new task before the old ones are judged; replay dips for about five."""
REPLAY, EWC = 0.2, 200.0
"""Share and strength to turn to: 5 to 20 % is usual (FAILURE_MODES §3); the strength holds two or three tasks of the
bundled scenarios while the next is still learned."""
TREND = 16
"""Evaluations since the lowest that the rise is judged over."""
STREAM = "stream/reference_accuracy"


@dataclass(frozen=True, slots=True)
class _Earlier:
    """How an earlier task stands: smoothed accuracy at its peak and now, and strength of the fall over its limits."""

    series: str
    peak: float
    peak_step: int
    now: float
    strength: float


def check(look: Look) -> Answer:
    names, current = _tasks(look.history.names())
    if not names:
        return "needs task/<i>/accuracy or phase/<i>/accuracy of two tasks"
    newest = look.points(current).finite()
    if len(newest) < SETTLED:
        return f"{len(newest)} of {SETTLED} evaluations of the new data"
    if stats.median(newest.tail(EVALUATIONS)) - chance(look) < LEARNED:
        return None
    begun = int(newest.steps[0])
    judged = [_judge(look, name, begun, len(names) + 1) for name in names]
    worst = max(judged, key=lambda item: item.strength)
    if worst.strength < 0.5:
        return None
    old = worst.series.removesuffix("/accuracy")
    return Reading(
        strength=worst.strength,
        headline=f"Accuracy on {old} fell from {percent(worst.peak)} to {percent(worst.now)} since step "
        f"{worst.peak_step:,}, while later data are learned.",
        because="The updates for the new data overwrite the weights that the old data needed; too little of it is "
        "replayed to hold them.",
        since_step=worst.peak_step,
        # A stream that moved on is not asked for its past: there the same measurement is a note.
        severity="note" if worst.series == STREAM else "critical",
        confidence=0.9,
        evidence=(
            Evidence(
                worst.series,
                f"{percent(worst.peak - worst.now)} under its own peak, limit {percent(FALL)}",
                worst.now,
                worst.peak - FALL,
                step=look.step,
            ),
            *_transfer(look, worst.series.partition("/")[0]),
        ),
        remedies=_remedies(look),
    )


@functools.lru_cache(maxsize=8)
def _tasks(names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Of all series those of the earlier tasks, and of the newest; none while there is only one."""
    for prefix in ("task/", "phase/"):
        found = [name for name in names if _number(name, prefix) >= 0]
        found.sort(key=lambda name: _number(name, prefix))
        if len(found) > 1:
            return tuple(found[:-1]), found[-1]
    return ((STREAM,), "val/accuracy") if STREAM in names else ((), "")


def _number(name: str, prefix: str) -> int:
    """Number of the task whose accuracy a series is; -1 for any other series."""
    middle = name.removeprefix(prefix).removesuffix("/accuracy")
    return int(middle) if name == f"{prefix}{middle}/accuracy" and middle.isdecimal() else -1


def _judge(look: Look, name: str, begun: int, tasks: int) -> _Earlier:
    """How one of so many tasks stands, the newest of which began at step `begun`."""
    points = look.points(name).finite()
    smooth = stats.ema(points.values, EVALUATIONS)
    top = int(np.argmax(smooth))
    peak, now = float(smooth[top]), stats.median(points.tail(EVALUATIONS))
    rows = look.number("n_val", 100) / (1 if name.startswith("task/") else tasks)
    doubt = math.hypot(stats.binomial_margin(peak, rows), stats.binomial_margin(now, rows))
    strength = min((peak - now) / FALL, (peak - now) / doubt) if peak - chance(look) >= LEARNED else 0.0
    if strength >= 1 and _coming_back(points.since(max(begun, int(points.steps[top]))).values):
        strength = JUST_UNDER
    return _Earlier(name, peak, int(points.steps[top]), now, strength)


def _coming_back(since: stats.Floats) -> bool:
    """Whether the accuracy still rises from its lowest since the new data."""
    low = int(np.argmin(since))
    newest = since[low:][-TREND:]
    _, p = stats.mann_kendall(newest)
    return p < COMING_BACK and stats.theil_sen(newest) * len(newest) >= RISE


def _transfer(look: Look, chapter: str) -> list[Evidence]:
    """Backward transfer, where it is measured."""
    name = f"{chapter}/backward_transfer"
    values = look.points(name).finite().tail(EVALUATIONS)
    if not len(values):
        return []
    value = stats.median(values)
    return [Evidence(name, f"backward transfer {num(value)}, limit {num(TRANSFER)}", value, TRANSFER, step=look.step)]


def _remedies(look: Look) -> tuple[Remedy, ...]:
    """Cheapest first."""
    live = look.knob_spec("replay") is not None
    hold = look.setting("ewc", "objective.ewc", 0.0)
    return remedies.ranked(
        remedies.turn(look, "replay", REPLAY, "replay a fifth of old rows in each batch")
        if live
        else remedies.advice("mix a fifth of old rows into each batch"),
        remedies.turn(look, "ewc", EWC, "hold the weights that mattered (elastic weight consolidation)")
        if live and hold < EWC
        else remedies.advice("hold the weights that mattered (elastic weight consolidation)"),
        remedies.turn(look, "lr", look.base_lr / 10, "a tenth of the learning rate: forgets, and learns, more slowly"),
        remedies.advice("a separate output head for each task"),
    )


def chance(look: Look) -> float:
    """Accuracy of always guessing the most frequent class."""
    classes = look.number("classes", 2)
    return max(look.number("majority_share", 0.0), 1 / max(classes, 2)) if math.isfinite(classes) else 0.5


RULE = Rule("catastrophic-forgetting", check, needs=("train/loss",), confirm=(4, 5), clear=4, patient=False)
