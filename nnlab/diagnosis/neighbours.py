"""How far a run stays behind a guess from the nearest training rows: what the inputs tell without any training."""

import math
from dataclasses import dataclass

import numpy as np

from nnlab.diagnosis import stats
from nnlab.diagnosis.finding import Evidence
from nnlab.diagnosis.look import Look
from nnlab.diagnosis.words import num, percent

LATE = 0.5
"""Share of the budget from which a run is held against its neighbours: before that it may still come."""
BEHIND = {"accuracy": 0.15, "r2": 0.3}
"""Least distance that counts. Straight boundaries where curved ones would do a little better stay under it (a linear
net on two moons: 0.12)."""
BEGUN = 0.05
"""rel_gain of a run that has begun to learn; nothing, for underfitting."""
READINGS = 5
"""Evaluations of which the median counts."""


@dataclass(frozen=True, slots=True)
class Lag:
    """Score of the neighbours, of the run (the better of training and validation), and their distance in limits.

    `measure` is accuracy or r2; `series` the one that it is told by."""

    neighbours: float
    own: float
    strength: float
    measure: str
    series: str

    @property
    def told(self) -> str:
        if self.measure == "accuracy":
            return f"{percent(self.own)} of the rows are right, against {percent(self.neighbours)}"
        return f"r² {num(self.own)}, against {num(self.neighbours)}"

    def evidence(self, look: Look) -> Evidence:
        return Evidence(self.series, self.told, self.own, self.neighbours - BEHIND[self.measure], step=look.step)


def lag(look: Look) -> Lag | None:
    """How far the run is behind and will stay so on its present course; None before LATE, where it is not, where
    nothing is known, and where accuracy is not what is asked for (weighted or repeated classes)."""
    near = look.number("neighbour_score")
    if look.budget < LATE or math.isnan(near) or look.phased:
        return None
    measure = "accuracy" if look.task == "classification" else "r2"
    held = look.recent(f"val/{measure}").finite()
    if len(held) < 2 * READINGS or not _counts(look, near, measure):
        return None
    own = max(stats.median(held.tail(READINGS)), _fitted(look, measure))
    if near - own < BEHIND[measure] / 2 or not _under_way(look):
        return None
    half = held.since(look.step - look.age // 2)
    slope = stats.theil_sen(half.values) / max(1.0, float(np.median(np.diff(half.steps)))) if len(half) > 2 else 0.0
    end = own + max(0.0, slope) * max(0, look.planned - look.step)
    behind = near - end
    return Lag(near, own, behind / BEHIND[measure], measure, f"val/{measure}")


def _under_way(look: Look) -> bool:
    """Whether the run had begun to learn by half of its time: one that begins late is late, and may still come."""
    losses = look.recent(look.loss_name).finite()
    half = losses.values[: int(np.searchsorted(losses.steps, look.start + look.age // 2))]
    return len(half) >= READINGS and 1 - stats.median(half[-READINGS:]) / look.constant_loss >= BEGUN


def _counts(look: Look, near: float, measure: str) -> bool:
    """Whether the neighbours are clearly better than a constant guess, by a measure that training aims at."""
    if measure == "r2":
        return near >= BEHIND[measure]
    weighted = (look.history.knob("class_weights") or look.text("objective.class_weights", "none")) != "none"
    repeated = look.text("data.oversample") == "True"
    return near - look.number("majority_share", 1.0) >= BEHIND[measure] and not weighted and not repeated


def _fitted(look: Look, measure: str) -> float:
    """The score on the training rows: a run that fits them is not behind, it only does not generalise."""
    if measure == "accuracy":
        return stats.median(look.recent("train/probe_accuracy").finite().tail(READINGS))
    return look.gain if math.isfinite(look.gain) else -math.inf
