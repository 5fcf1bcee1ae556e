"""The drift race: when did each detector speak, and how long after the data had changed?"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnlab.diagnosis.rules import data_drift
from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.charts.race import Floats, Ints, Lane, Race
from nnlab.ui.views.sight import Known

TITLE = "drift race"


def _rare(limit: float) -> Callable[[Floats], Floats]:
    """A p value in units of its limit: by their logarithms, so that 1 stands at the limit and 2 at its square."""
    return lambda p: np.log10(np.maximum(p, 1e-30)) / math.log10(limit)


def _large(limit: float) -> Callable[[Floats], Floats]:
    return lambda statistic: statistic / limit


DETECTORS: tuple[tuple[str, str, Callable[[Floats], Floats], int], ...] = (
    ("drift/p", "KS", _rare(data_drift.P), 2),
    ("drift/psi", "stability", _large(data_drift.PSI), 2),
    ("drift/mmd_p", "MMD", _rare(data_drift.MMD_P), data_drift.MMD_READINGS),
    ("drift/page_hinkley", "Page–Hinkley", _large(data_drift.PAGE_HINKLEY), 1),
)
"""Series, name, statistic in units of its limit, and readings over it in a row before the detector counts as having
spoken; the limits are those of the rule `data-drift`."""

SPOKEN = 2.0
"""Strength of the diagnosis once it has spoken: the height of its lane."""


def race(known: Known) -> Drawing:
    """A lane for the diagnosis, and one for each statistic that is measured."""
    history = known.history
    true = next((mark.step for mark in history.marks if mark.kind == "drift"), None)
    lanes = [_lane(history, *detector, true) for detector in DETECTORS]
    shown = tuple(lane for lane in lanes if lane)
    if not shown:
        return Notice(TITLE, "The detectors wait for a first window of the stream.")
    last = max(history.info.planned_steps, history.step)
    note = "over half height: beyond the limit"
    return Race(TITLE, note, (_diagnosis(known, true), *shown), last, true)


def _lane(
    history: History, name: str, label: str, scaled: Callable[[Floats], Floats], row: int, true: int | None
) -> Lane | None:
    series = history.get(name)
    if series is None:
        return None
    steps, _, _, mean = series.overview()
    strength = scaled(mean)
    spoke = first_in_a_row(steps, strength >= 1.0, row)
    return Lane(label, steps, strength, spoke, *_result(spoke, true))


def _diagnosis(known: Known, true: int | None) -> Lane:
    """The rule's own word, for which it weighs all of them."""
    ever = known.diagnosis.ever if known.diagnosis else ()
    found = next((finding for finding in ever if finding.mode == "data-drift"), None)
    spoke = found.detected_step if found else None
    steps = np.array([] if spoke is None else [spoke, known.history.step], dtype=np.int64)
    return Lane("diagnosis", steps, np.full(len(steps), SPOKEN), spoke, *_result(spoke, true))


def _result(spoke: int | None, true: int | None) -> tuple[str, bool]:
    if spoke is None:
        return "silent", False
    if true is None or spoke < true:
        return "false alarm", True
    return f"after {write.short(spoke - true)}", False


def first_in_a_row(steps: Ints, over: NDArray[np.bool_], row: int) -> int | None:
    """The step of the first reading that completes `row` readings over the limit; None if there is none."""
    count = 0
    for step, is_over in zip(steps.tolist(), over.tolist(), strict=True):
        count = count + 1 if is_over else 0
        if count == row:
            return int(step)
    return None
