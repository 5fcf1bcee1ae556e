"""One fork: a change (or none) made to a run at a step, trained for a while, and what came of it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nnlab.client.launch import Aside
from nnlab.diagnosis.attending import Attending, attending
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import UNDECIDED, Diagnosis
from nnlab.scenario.load import Loaded
from nnlab.telemetry.history import History
from nnlab.trials.engine import engine, train
from nnlab.trials.ground import Ground
from nnlab.wire import commands, events
from nnlab.wire.values import KnobValue

LAST = 0.25
"""Share of the horizon, at its end, whose readings a value is the median of: single readings are noisy."""
SEED_STRIDE = 7919
"""Between the seeds of two orders of the batches: the seeds of two runs are seldom so far apart."""
MEASURES = ("val/loss", "val/recall@1", "val/recall_min", "val/accuracy", "val/r2", "train/probe_loss")
"""What forks may be compared by, the first that can be."""
KEPT = (*MEASURES, "task/backward_transfer")


@dataclass(frozen=True, slots=True)
class Change:
    """Knobs to turn at once, or (`anew`) a scenario to begin again with; neither is the untouched control."""

    turns: Mapping[str, KnobValue]
    anew: Loaded | None = None


UNTOUCHED = Change({})


@dataclass(frozen=True, slots=True)
class Fork:
    """What came of a fork that trained up to `step`.

    `seed` numbers the order of the batches (0: the run's own). `verdict` is that of the end. `cleared` is the first
    boundary from which on the finding in question did not stand any more, or as a note only (0 where it never stood),
    None where it still stands. `values` are those of `KEPT` that were measured; infinite where they were not finite.
    `refused` says why a knob was not turned.
    """

    seed: int
    step: int
    verdict: str
    cleared: int | None
    values: Mapping[str, float]
    refused: str = ""


def fork(
    ground: Ground,
    change: Change,
    seed: int,
    horizon: int,
    mode: str,
    called_off: Callable[[], bool] = lambda: False,
    tell: Callable[[float], None] = lambda share: None,
) -> Fork:
    """Train one; `mode` is the finding in question, and `tell` hears how much of it is trained, from 0 to 1.

    Raises UserError, TrialError, CalledOffError.
    """
    end = ground.step + horizon
    device, reorder = ground.info.device, seed and ground.seed + SEED_STRIDE * seed
    if change.anew is not None:
        with engine(change.anew, ground.seed, device, Aside(reorder=reorder)) as feed:
            witness = _Witness(mode)
            for event in train(feed, end, (), called_off):
                witness.take(event)
                tell(witness.step / end)
        return witness.tell(seed, end - horizon, end)
    turns = [commands.Turn(knob, value, source="remedy") for knob, value in change.turns.items()]
    with engine(ground.scenario, ground.seed, device, Aside(str(ground.body), reorder)) as feed:
        witness = _Witness(mode, *ground.knowledge())
        for event in train(feed, horizon, turns, called_off):
            witness.take(event)
            tell((witness.step - ground.step) / horizon)
    return witness.tell(seed, ground.step, end)


class _Witness:
    """Follows a fork and remembers when the finding stood."""

    def __init__(self, mode: str, history: History | None = None, doctor: Attending[Doctor] | None = None) -> None:
        self._mode = mode
        self._history = history
        self._doctor = doctor
        self._diagnosis: Diagnosis | None = None
        self._cleared: int | None = None if history is not None else 0
        self._refused = ""

    @property
    def step(self) -> int:
        """Steps done."""
        return self._history.step if self._history is not None else 0

    def take(self, event: events.Event) -> None:
        """The next event of the fork."""
        if isinstance(event, events.RunStarted):
            if self._history is None:
                self._history, self._doctor = History(event.info), attending(event.info)
            return
        if isinstance(event, events.KnobRefused):
            self._refused = f"{event.knob}: {event.reason}"
        assert self._history is not None and self._doctor is not None
        if isinstance(event, events.StateChanged) and event.step <= self._history.boundary:
            return
        for _ in self._history.feed(event):
            self._judge(self._doctor.look(self._history))

    def tell(self, seed: int, begin: int, end: int) -> Fork:
        """What came of it."""
        assert self._history is not None
        since = end - LAST * (end - begin)
        values = {name: value for name in KEPT if (value := _value(self._history, name, since)) is not None}
        verdict = self._diagnosis.verdict if self._diagnosis else UNDECIDED
        return Fork(seed, self._history.step, verdict, self._cleared, values, self._refused)

    def _judge(self, diagnosis: Diagnosis) -> None:
        self._diagnosis = diagnosis
        if any(finding.mode == self._mode and finding.problem for finding in diagnosis.standing):
            self._cleared = None
        elif self._cleared is None:
            self._cleared = diagnosis.step


def _value(history: History, name: str, since: float) -> float | None:
    """The median of the readings of a series from a step on, or the last one before; None where there is none."""
    series = history.get(name)
    if series is None or not len(series):
        return None
    recent = series.values[series.steps >= since]
    found = float(np.median(recent if len(recent) else series.values[-1:]))
    return found if math.isfinite(found) else math.inf
