"""The history of the knobs: the learning rate in force, and every knob that was turned, over the steps."""

import numpy as np
from numpy.typing import NDArray

from nnlab.scenario.knob_table import RESET
from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.charts.lanes import Curve, Lane, Lanes
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.views.knob_hints import stable_edge
from nnlab.ui.views.sight import Known

TITLE = "knobs over time"


def knob_history(known: Known) -> Drawing:
    """A curve for the rate, a lane for each knob in the order in which they were first turned."""
    history = known.history
    turned = tuple(dict.fromkeys(turn.knob for turn in history.turns))
    lanes = tuple(_lane(history, knob) for knob in turned)
    edge = stable_edge(history, history.step)
    aside = "" if edge is None else f"╍ lr edge ≈ {write.number(edge, 2)}"
    note = write.plural(len(history.turns), "turn") if turned else "no knob has been turned"
    last = max(history.info.planned_steps, history.step)
    return Lanes(TITLE, note, aside, _rate(history), lanes, history.step, last)


def _rate(history: History) -> Curve:
    steps, rates = _course(history, "lr")
    edge_steps, edge = _course(history, "lr/stable")
    now = write.number(float(rates[-1]), 3) if len(rates) else ""
    return Curve("rate in force", steps, rates, now, edge_steps, edge)


def _course(history: History, name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    series = history.get(name)
    if series is None:
        return np.empty(0, np.int64), np.empty(0)
    steps, _, _, mean = series.overview()
    return steps, mean


def _lane(history: History, knob: str) -> Lane:
    spec = next((spec for spec in history.info.knobs if spec.id == knob), None)
    turns = [turn for turn in history.turns if turn.knob == knob]
    if knob == RESET:
        changes = [(0, ""), *((turn.step, "reset") for turn in turns)]
    else:
        changes = [(0, write.knob(turns[0].old)), *((turn.step, write.knob(turn.new)) for turn in turns)]
    return Lane(spec.label if spec else knob, tuple(changes))
