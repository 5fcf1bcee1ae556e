"""One look at a run: the history at a boundary, and what several rules derive from it, computed once.

A `Look` is made anew at every boundary and is never changed.
"""

import functools
import math
from functools import cached_property

import numpy as np

from nnlab.diagnosis import stats
from nnlab.diagnosis.boundary import Boundary
from nnlab.diagnosis.points import TREND_BINS, Trend
from nnlab.diagnosis.stats import Floats

TREND_SHARE = 0.15
"""Share of the budget over which a trend is judged (FAILURE_MODES, plateau)."""
TREND_EVALUATIONS = 20
"""Evaluations that the trend window holds at least (same)."""
TREND_READINGS = 8
"""Readings of the loss without which there is no trend."""
SMOOTH_PROBES = 3
"""Probes whose median is "now": one odd probe must not decide."""
SMOOTH_STEPS = 20
"""Training losses averaged where there is no probe."""
MOVING = ("stream", "tasks", "generations")
"""Kinds of data without a fixed training set."""
CREEP = 0.003
"""Relative fall over a long window that still is progress when it is significant."""


class Look(Boundary):
    """The boundary, and whether the run is learning at all. Losses are in units of the objective."""

    @cached_property
    def constant_loss(self) -> float:
        """L_c, the loss of the best constant prediction on the training set; the first measured loss where unknown."""
        known = self._known_constant("constant_loss")
        if known > 0 and math.isfinite(known):
            return known
        first = self.early(self.loss_name, 1)
        return float(first[0]) if len(first) and first[0] > 0 else math.nan

    @cached_property
    def constant_loss_val(self) -> float:
        """The loss on the validation set of what is the best constant on the training set; NaN where unknown."""
        return self._known_constant("constant_loss_val")

    def _known_constant(self, fact: str) -> float:
        """The fact as it is under the present class weights, which change the unit of the loss."""
        return self.number(f"{fact}/{self.history.knob('class_weights')}", self.number(fact))

    @cached_property
    def loss_name(self) -> str:
        """The series that tells the training loss best: the probe (evaluation mode, same rows) where there is one.

        Where the data change under the model, a fixed probe is not what it is trained on.
        """
        moving = self.text("data.kind") in MOVING or _has_phases(tuple(self.info.facts))
        probed = self.history.get("train/probe_loss") is not None and not moving
        return "train/probe_loss" if probed else "train/loss"

    @cached_property
    def smooth(self) -> int:
        """Points of `loss_name` that make one robust reading."""
        return SMOOTH_PROBES if self.loss_name == "train/probe_loss" else SMOOTH_STEPS

    @cached_property
    def loss(self) -> float:
        """The training loss now; +inf once it is not finite."""
        values = self.recent(self.loss_name).tail(self.smooth)
        if not len(values):
            values = self.points(self.loss_name).tail(1)
        if not len(values):
            return math.nan
        return stats.median(values) if all(map(math.isfinite, values.tolist())) else math.inf

    @cached_property
    def best_loss(self) -> float:
        """The lowest smoothed training loss seen in the window that is kept."""
        values = self.points(self.loss_name).finite().values
        return float(np.min(_running_median(values))) if len(values) else math.nan

    @cached_property
    def gain(self) -> float:
        """rel_gain = 1 − L/L_c: 0 is no better than a constant, 1 is a loss of zero. NaN where unknown."""
        return 1 - self.loss / self.constant_loss

    @cached_property
    def best_gain(self) -> float:
        """The best rel_gain so far."""
        return 1 - self.best_loss / self.constant_loss

    @cached_property
    def trend_steps(self) -> int:
        """Length of the window over which a trend is judged."""
        by_evaluations = min(TREND_EVALUATIONS * self.info.eval_every, self.planned // 4)
        by_readings = min(TREND_READINGS * self._spacing, 2 * self.planned // 3)
        return max(round(TREND_SHARE * self.planned), by_evaluations, by_readings)

    @property
    def _spacing(self) -> int:
        """Steps from one reading of the training loss to the next; in a log of epochs that is an epoch."""
        steps = self.points(self.loss_name).steps
        return math.ceil((int(steps[-1]) - int(steps[0])) / (len(steps) - 1)) if len(steps) > 1 else 1

    @cached_property
    def trend(self) -> Trend:
        """Course of the training loss over the newest trend window within the present regime."""
        return Trend(self.recent(self.loss_name).since(self.step - self.trend_steps))

    @cached_property
    def stall(self) -> Trend:
        """Course of the training loss over half of the regime, at least a trend window: the longer a run has gone on,
        the longer it must have stood still. Slow starters creep for a third of their budget before they learn."""
        return Trend(self.recent(self.loss_name).since(self.step - max(self.trend_steps, self.age // 2)))

    @cached_property
    def stalled(self) -> bool:
        """Whether the training loss does not even creep downwards."""
        return self.trend_known and not self.improving and (self.stall.p > 0.01 or self.stall.change > -CREEP)

    @cached_property
    def trend_known(self) -> bool:
        """Whether the trend window is full."""
        return self.trend.bins >= TREND_READINGS and self.trend.steps >= 0.8 * self.trend_steps

    @cached_property
    def improving(self) -> bool:
        """Whether the training loss falls: significantly, and by at least one per cent over the window."""
        return self.trend.bins >= 5 and self.trend.p < 0.01 and self.trend.change < -0.01

    @cached_property
    def forecast(self) -> float:
        """rel_gain at the end of the budget if the training loss goes on along its present line."""
        window = max(self.trend_steps, self.age // 2)
        points = self.recent(self.loss_name).since(self.step - window).finite()
        if len(points) < 4:
            return 0.0
        values = stats.bin_means(points.values, TREND_BINS)
        slope = stats.theil_sen(values) * (len(values) - 1) / max(1, int(points.steps[-1] - points.steps[0]))
        return 1 - (stats.median(values[-3:]) + slope * max(0, self.planned - self.step)) / self.constant_loss

    @cached_property
    def val_loss(self) -> float:
        """The validation loss now, median of the last evaluations; NaN where there is none."""
        return stats.median(self.recent("val/loss").finite().tail(SMOOTH_PROBES))

    @cached_property
    def val_gain(self) -> float:
        """rel_gain on the validation set."""
        return 1 - self.val_loss / self.constant_loss_val if self.constant_loss_val > 0 else math.nan


@functools.lru_cache(maxsize=8)
def _has_phases(facts: tuple[str, ...]) -> bool:
    """Whether the facts of these names tell of phases of the data."""
    return any(name.startswith("data.phases") for name in facts)


def _running_median(values: Floats) -> Floats:
    """Median of three neighbours (the values themselves when fewer)."""
    if len(values) < 3:
        return values
    early, middle, late = values[:-2], values[1:-1], values[2:]
    return stats.floats(np.maximum(np.minimum(early, middle), np.minimum(np.maximum(early, middle), late)))
