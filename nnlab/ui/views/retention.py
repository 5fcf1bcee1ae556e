"""The retention map: how well each task or phase of the data was known, over the whole run."""

from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.charts.bars import BarColumn
from nnlab.ui.charts.heat import Heat, HeatBlock, HeatRow
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.views.sight import Known

TITLE = "retention"

LOST = 0.2
"""Accuracy below its best from which on a task counts as forgotten."""


def retention(known: Known) -> Drawing:
    """Accuracy of every task by time; a forgotten one is marked."""
    history = known.history
    rows = tuple(_row(history, name) for name in stretches(history))
    if not rows:
        return Notice(TITLE, "No task has been evaluated yet.")
    last = max(history.info.planned_steps, history.step)
    changes = tuple(mark.step for mark in history.marks if mark.kind == "phase" and mark.step > 0)
    block = HeatBlock(BarColumn("accuracy", 0.0, 1.0), rows, "s1")
    return Heat(TITLE, "accuracy by time, fuller is better", (block,), last, changes)


def stretches(history: History) -> list[str]:
    """Series of accuracy by task or phase, in their order."""
    names = (name for name in history.names() if name.startswith(("task/", "phase/")) and name.endswith("/accuracy"))
    return sorted(names, key=lambda name: int(name.split("/")[1]))


def _row(history: History, name: str) -> HeatRow:
    series = history.get(name)
    assert series is not None  # its name came from the history
    steps, _, high, mean = series.overview()
    lost = float(high.max(initial=0.0)) - series.last
    kind, number, _ = name.split("/")
    return HeatRow(f"{kind} {number}", steps, mean, write.percent(series.last), warn=lost >= LOST)
