"""A run at one boundary: its settings, its time and its series, as the rules ask for them.

Windows start at the last change of regime (a knob turned, a new data phase): numbers from before it say nothing about
the run as it now is.
"""

import math
from functools import cached_property

import numpy as np

from nnlab.diagnosis.points import NOTHING, Points
from nnlab.diagnosis.stats import Floats
from nnlab.telemetry.history import History
from nnlab.wire.values import KnobSpec

WINDOW = 4096
"""Most points of a per-step series that a look touches."""


class Boundary:
    """The history at one boundary."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.info = history.info
        self.step = history.step
        self.planned = max(1, history.info.planned_steps)
        self._points: dict[tuple[str, int], Points] = {}

    # --- facts of data and configuration

    def number(self, fact: str, default: float = math.nan) -> float:
        """A fact as a number, `default` where it is not known."""
        value = self.info.facts.get(fact, default)
        return default if isinstance(value, str) else float(value)

    def text(self, fact: str, default: str = "") -> str:
        """A fact as text."""
        return str(self.info.facts.get(fact, default))

    def knob_spec(self, knob: str) -> KnobSpec | None:
        """The knob as announced, None where the run has no such knob."""
        return next((spec for spec in self.info.knobs if spec.id == knob), None)

    def setting(self, knob: str, fact: str, default: float) -> float:
        """The present value of a knob, else of the configuration."""
        value = self.history.knob(knob) if self.knob_spec(knob) else None
        return float(value) if isinstance(value, int | float) else self.number(fact, default)

    @cached_property
    def lr(self) -> float:
        """The learning rate as last measured, schedule included; before that the knob or the configured one."""
        points = self.points("lr").finite()
        return points.last if len(points) else self.base_lr

    @property
    def base_lr(self) -> float:
        """What the knob lr holds, and a schedule multiplies: the rate that a remedy turns."""
        return self.setting("lr", "optimizer.lr", 1e-3)

    @cached_property
    def batch_size(self) -> float:
        return self.setting("batch_size", "train.batch_size", self.info.batch_size)

    @property
    def adaptive(self) -> bool:
        """Whether the optimizer divides by the size of the gradient, which hides its scale."""
        return self.text("optimizer.kind", "adam") != "sgd"

    @property
    def task(self) -> str:
        """classification, regression, multilabel, retrieval."""
        if self.info.family == "towers" or self.text("data.kind") in ("triplets", "msmarco"):
            return "retrieval"
        if self.number("classes", 0) > 0:
            return "classification"
        return self.text("data.task", "regression")

    # --- time

    @property
    def budget(self) -> float:
        """Share of the planned steps that is done."""
        return self.step / self.planned

    @cached_property
    def start(self) -> int:
        """First step of the present regime: after the last knob turn or data phase; 0 at the beginning."""
        changes = [turn.step for turn in self.history.turns if turn.old != turn.new]
        changes += [mark.step for mark in self.history.marks if mark.kind == "phase"]
        return max((step for step in changes if step <= self.step), default=0)

    @property
    def phased(self) -> bool:
        """Whether training data come in phases: the validation set, which stays, is no sample of them."""
        return any(mark.kind == "phase" for mark in self.history.marks)

    @property
    def age(self) -> int:
        """Steps of the present regime."""
        return self.step - self.start

    # --- series

    def points(self, name: str, since: int = 0) -> Points:
        """The newest points of a series at or after `since`; empty where there is none."""
        known = self._points.get((name, since))
        if known is not None:
            return known
        series = self.history.get(name)
        if series is None:
            return NOTHING
        whole = Points(*series.tail(WINDOW))
        found = self._points[name, since] = whole.since(since) if since else whole
        return found

    def recent(self, name: str) -> Points:
        """Points of the present regime."""
        return self.points(name, self.start)

    def early(self, name: str, count: int) -> Floats:
        """The first `count` values of a series, or means of its first stretch once the exact ones are forgotten."""
        series = self.history.get(name)
        if series is None:
            return np.empty(0)
        if series.count == len(series):
            return series.values[:count]
        return series.overview().mean[:1]

    @cached_property
    def layer_names(self) -> tuple[str, ...]:
        """Layers in forward order, by name as in the series."""
        return tuple(layer.name for layer in self.info.layers)

    def layers(self, statistic: str, count: int) -> dict[str, Floats]:
        """The newest `count` values of `layer/<name>/<statistic>` in the present regime, of each layer that has any."""
        found: dict[str, Floats] = {}
        for name in self.layer_names:
            values = self.recent(f"layer/{name}/{statistic}").tail(count)
            if len(values):
                found[name] = values
        return found
