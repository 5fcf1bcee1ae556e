"""Whether what a lesson step waits for has come."""

import math
from dataclasses import dataclass

from nnlab.diagnosis.finding import HEALTHY, Diagnosis
from nnlab.scenario.lesson import Awaited
from nnlab.scenario.steering import Setting
from nnlab.telemetry.history import History
from nnlab.wire.values import KnobValue

SAME = 1e-6
"""Relative difference up to which a number counts as the one that is waited for: a slider's own rounding."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How a run stands. `opened` is the page, menu or view that is on the screen, as `[lesson]` calls it."""

    history: History
    diagnosis: Diagnosis | None = None
    opened: str = ""

    @property
    def run_id(self) -> str:
        """Tells one run from the next."""
        return self.history.info.run_id

    @property
    def step(self) -> int:
        """Steps done."""
        return self.history.step

    @property
    def turns(self) -> int:
        """Knobs turned so far."""
        return len(self.history.turns)


@dataclass(frozen=True, slots=True)
class Since:
    """When a lesson came to its present step: of which run, at which step, after how many knob turns."""

    run_id: str = ""
    step: int = 0
    turns: int = 0


def holds(awaited: Awaited, now: Situation, since: Since) -> bool:
    """Whether it has come. NaN is never above or below anything."""
    if awaited.finding is not None:
        return stands(now.diagnosis, awaited.finding)
    if awaited.cleared is not None:
        return _cleared(now.diagnosis, awaited.cleared)
    if awaited.metric is not None:
        value = reading(now.history, awaited.metric)
        return value is not None and _within(value, awaited)
    if awaited.knob is not None:
        return _turned(awaited, awaited.knob, now, since)
    if awaited.setting is not None:
        return _same(now.history.info.facts.get(awaited.setting), awaited.to)
    if awaited.step is not None:
        return now.step >= awaited.step
    if awaited.after is not None:
        return now.step - since.step >= awaited.after
    return now.opened == awaited.opened


def stands(diagnosis: Diagnosis | None, finding: str) -> bool:
    """Whether a failure mode stands, or a verdict on a healthy run is given."""
    if diagnosis is None:
        return False
    if finding == "healthy":
        return diagnosis.verdict in HEALTHY
    return diagnosis.verdict == finding or any(one.mode == finding for one in diagnosis.standing)


def reading(history: History, metric: str) -> float | None:
    """The newest value of a series; None while it has none."""
    series = history.get(metric)
    return None if series is None else series.last


def _cleared(diagnosis: Diagnosis | None, mode: str) -> bool:
    if diagnosis is None or stands(diagnosis, mode):
        return False
    return any(one.mode == mode and one.cleared_step is not None for one in diagnosis.ever)


def _turned(awaited: Awaited, knob: str, now: Situation, since: Since) -> bool:
    value = now.history.knob(knob)
    if value is None:
        return False
    if awaited.to is not None:
        return _same(value, awaited.to)
    if awaited.above is not None or awaited.below is not None:
        return isinstance(value, int | float) and _within(value, awaited)
    return any(turn.knob == knob and turn.new != turn.old for turn in now.history.turns[since.turns :])


def _within(value: float, awaited: Awaited) -> bool:
    if math.isnan(value):
        return False
    return (awaited.above is None or value > awaited.above) and (awaited.below is None or value < awaited.below)


def _same(held: KnobValue | None, wanted: Setting | None) -> bool:
    """Whether a knob or fact holds the value; facts hold lists as text with commas between."""
    if isinstance(wanted, tuple):
        return held == ",".join(str(part) for part in wanted)
    if isinstance(held, bool) or isinstance(wanted, bool) or isinstance(held, str) or isinstance(wanted, str):
        return held == wanted
    return held is not None and wanted is not None and math.isclose(held, wanted, rel_tol=SAME)
