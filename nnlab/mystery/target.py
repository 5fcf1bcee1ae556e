"""When a mystery counts as cured: healthy by the doctor's verdict, and as good as the healthy twin by its numbers."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from nnlab.client.launch import Aside
from nnlab.diagnosis.finding import HEALTHY
from nnlab.mystery.generate import Mystery
from nnlab.scenario.load import Loaded
from nnlab.telemetry.history import History
from nnlab.trials.engine import engine, train
from nnlab.wire import events

MEASURE = "val/loss"
LAST = 0.25
"""Share of the twin's evaluations, at its end, that its loss is the median of: single ones are noisy."""
RECENT = 3
"""Evaluations of the played run that its loss is the median of."""
LEEWAY = 0.25
"""How far above the twin's loss a cured run may be, as a share of it."""
FLOOR = 0.05
"""The same as a share of what a constant guess costs, where the twin's loss is next to nothing."""


def target(mystery: Mystery, device: str = "cpu", called_off: Callable[[], bool] = lambda: False) -> float:
    """Train the twin; the validation loss up to which a run is as good.

    Raises UserError, TrialError, CalledOffError.
    """
    history = trained(mystery.twin, device, called_off)
    series = history.get(MEASURE)
    values = series.values if series is not None else np.empty(0)
    reached = middle(values[-max(1, round(LAST * len(values))) :].tolist())
    facts = history.info.facts
    constant = facts.get("constant_loss_val", facts.get("constant_loss", 0.0))
    return reached * (1 + LEEWAY) + FLOOR * float(constant)


def trained(loaded: Loaded, device: str, called_off: Callable[[], bool]) -> History:
    """A scenario trained to its planned end in an engine of its own. Raises as `target`."""
    history: History | None = None
    with engine(loaded, loaded.scenario.seed, device, Aside()) as feed:
        for event in train(feed, _planned(loaded), (), called_off):
            if isinstance(event, events.RunStarted):
                history = History(event.info)
            elif history is not None:
                for _ in history.feed(event):
                    pass
    assert history is not None
    return history


def cured(verdict: str, losses: Sequence[float], wanted: float) -> bool:
    """Whether a run is: its verdict, and its last validation losses."""
    return verdict in HEALTHY and middle(losses[-RECENT:]) <= wanted


def middle(losses: Sequence[float]) -> float:
    """The median; infinite where there is none, or one of them is not finite."""
    found = float(np.median(losses)) if losses else math.inf
    return found if math.isfinite(found) else math.inf


def _planned(loaded: Loaded) -> int:
    steps = loaded.scenario.train.steps
    assert steps is not None
    return steps
