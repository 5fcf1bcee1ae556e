"""What the record knows of one step: its numbers beside those of the steps before, and what happened near."""

import math

import numpy as np

from nnlab.telemetry.history import History
from nnlab.wire.point import Near, PointRecalled
from nnlab.wire.telling_point import turned

BEFORE, AFTER = 50, 10
"""Steps before and after in which something is near: the window of what is usual, and what a spike leads to."""
SKIPPED = 10
"""Steps up to the point that do not count as usual: a spike has a foot."""
ELSEWHERE = ("finding", "verdict", "readings", "evaluate", "pace", "test", "effect")
"""Marks that do nothing to a run."""


def recalled(history: History, step: int) -> PointRecalled | None:
    """What is known of a step of the present line, the newest for one beyond its end; None where there is none yet.

    The numbers of a step long past, of which only an overview is left, are NaN.
    """
    loss = history.get("train/loss")
    if loss is None:
        return None
    at = max(0, min(step, loss.last_step))
    happened = _happened(history)
    near = tuple(one for one in happened if at - BEFORE <= one.step <= at + AFTER)
    last = next((one for one in reversed(happened) if one.step <= at), None)
    return PointRecalled(
        at, *_beside(history, "train/loss", at), *_beside(history, "grad/norm", at), near, None if near else last
    )


def peak(history: History, step: int, reach: int) -> int:
    """The step with the highest loss (or none that is a number) of `reach` steps about this one."""
    loss = history.get("train/loss")
    if loss is None or reach < 2:
        return step
    first, last = np.searchsorted(loss.steps, (step - reach // 2, step + reach // 2 + 1))
    values = np.nan_to_num(loss.values[first:last], nan=np.inf)
    return int(loss.steps[first + int(np.argmax(values))]) if len(values) else step


def largest_jump(history: History) -> int:
    """The step whose loss is the most times that of the steps before, or the first that is not finite; 0 if none."""
    loss = history.get("train/loss")
    if loss is None:
        return 0
    values, steps = loss.values, loss.steps
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        return int(steps[bad[0]])
    if len(values) <= SKIPPED:
        return int(steps[-1])
    logs = np.log(np.maximum(values, np.finfo(np.float64).tiny))
    usual = np.median(np.lib.stride_tricks.sliding_window_view(logs, SKIPPED)[:-1], axis=1)
    return int(steps[SKIPPED + int(np.argmax(logs[SKIPPED:] - usual))])


def _beside(history: History, name: str, step: int) -> tuple[float, float]:
    """The value of a series at a step, and its median in the steps before; NaN for what is not known."""
    series = history.get(name)
    if series is None:
        return math.nan, math.nan
    place = int(np.searchsorted(series.steps, step))
    if place >= len(series.steps) or series.steps[place] != step:
        return math.nan, math.nan
    end = place - min(SKIPPED, place // 2)
    before = series.values[max(0, end - BEFORE) : end]
    before = before[np.isfinite(before)]
    return float(series.values[place]), float(np.median(before)) if len(before) else math.nan


def _happened(history: History) -> list[Near]:
    """Everything that was done to the line, by step."""
    found = [Near(turn.step, turned(turn)) for turn in history.turns]
    found += [Near(mark.step, mark.text or mark.kind) for mark in history.marks if mark.kind not in ELSEWHERE]
    branches = {branch.id: branch for branch in history.branches}
    at = branches.get(history.branch)
    while at is not None and at.parent >= 0:
        found.append(Near(at.step, f"the run was rewound to here: branch {at.name or at.id} begins"))
        at = branches.get(at.parent)
    return sorted(found, key=lambda one: one.step)
