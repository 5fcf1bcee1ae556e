"""The collapse cockpit: everything that tells whether two towers still tell documents apart."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnlab.telemetry.history import History
from nnlab.telemetry.series import Series
from nnlab.ui import format as write
from nnlab.ui.charts.cockpit import Cockpit
from nnlab.ui.charts.gauges import Gauge, Gauges
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.charts.scatter import Kind, Scatter
from nnlab.ui.charts.spectrum_bars import SpectrumBars
from nnlab.ui.charts.twin_histogram import Distribution, TwinHistogram
from nnlab.ui.views.held import in_force
from nnlab.ui.views.sight import Known
from nnlab.wire.events import Inspected

TITLE = "collapse"
KINDS = (Kind("positive", 0, "s1"), Kind("negative", 1, "s2"), Kind("query", 3, "s3"))
NEEDS = ("similarities", "spectrum", "projection")

SHARES = ("embed/rank_ratio", "triplet/active", "val/recall@1", "triplet/false_negatives")
"""Numbers told in percent."""

COURSE = 64
"""Readings of a course."""

ALIKE, FLAT_RANK = 0.95, 0.1
"""Mean cosine of documents, and share of the directions used, from which on the sign says that they are one."""

AT_MARGIN = 0.02
"""A loss this near the margin, relative to it, stands at the margin: both distances are equal."""


def cockpit(known: Known) -> Drawing:
    """All parts that are known by now."""
    similar, spread, plane = (known.found(kind) for kind in NEEDS)
    why = next((known.refusal(kind) for kind in NEEDS if known.refusal(kind)), "")
    newest = max((found.step for found in (similar, spread, plane) if found), default=None)
    return Cockpit(
        TITLE,
        "" if newest is None else f"step {write.count(newest)}",
        Gauges(gauges(known.history, known.look)),
        None if similar is None else similarities(similar),
        None if spread is None else spectrum(spread),
        None if plane is None else projection(plane),
        f"Nothing to see: {why}." if why else known.waits,
    )


def similarities(found: Inspected) -> TwinHistogram:
    """Positives over negatives."""
    mean, std = found.get("mean"), found.get("std")
    parts = [
        Distribution(label, np.frombuffer(found.get(label)), mean[place], std[place], role)
        for place, (label, role) in enumerate((("positive", "s1"), ("negative", "s2")))
    ]
    return TwinHistogram("similarities", found.get("low")[0], found.get("high")[0], parts[0], parts[1])


def spectrum(found: Inspected) -> SpectrumBars:
    """Singular values of the document embeddings."""
    return SpectrumBars(np.frombuffer(found.get("values")), found.get("effective_rank")[0])


def projection(found: Inspected) -> Scatter:
    """Documents and queries on the plane in which the documents spread the most."""
    x, y, kind = (np.frombuffer(found.get(name)) for name in ("x", "y", "kind"))
    first, second = found.get("explained")
    note = f"{write.percent(first)} and {write.percent(second)} of the spread"
    return Scatter("projection", note, f"step {write.count(found.step)}", x, y, kind, KINDS)


def gauges(history: History, look: int | None = None) -> tuple[Gauge, ...]:
    """The numbers at the step looked at (None: the newest), most telling first; those that are not measured are left
    out.
    """
    found = [
        _gauge(history, look, "sim/allpairs", "documents' cosine", lambda value: value >= ALIKE, "1: all alike"),
        _gauge(
            history, look, "embed/rank_ratio", "directions used", lambda value: value <= FLAT_RANK, "of all there are"
        ),
        _over_margin(history, look),
        _gauge(history, look, "triplet/active", "active triplets", None, "have a loss"),
        _gauge(history, look, "val/recall@1", "recall@1", None, "first hit is right"),
        _gauge(history, look, "sim/spread", "spread of cosines", None, "0: all alike"),
        _gauge(history, look, "triplet/false_negatives", "false negatives", None, "of the negatives"),
    ]
    return tuple(gauge for gauge in found if gauge)


def _gauge(
    history: History, look: int | None, name: str, label: str, bad: Callable[[float], bool] | None, word: str
) -> Gauge | None:
    course = _course(history.get(name), look)
    if not len(course):
        return None
    value = float(course[-1])
    text = write.percent(value) if name in SHARES else write.number(value, 3)
    return Gauge(label, text, tuple(course), word, warn=bad is not None and bad(value))


def _over_margin(history: History, look: int | None) -> Gauge | None:
    """The loss less the margin: 0 where positives and negatives are equally far."""
    margin = in_force(history.info.knobs, history.turns, look).get("margin")
    course = _course(history.get("train/probe_loss") or history.get("train/loss"), look)
    if not len(course) or not isinstance(margin, float | int) or isinstance(margin, bool):
        return None
    if history.info.facts.get("objective.kind") != "triplet":
        return None
    over = float(course[-1]) - margin
    near = abs(over) <= AT_MARGIN * margin
    text = write.number(over, 2)
    return Gauge("loss − margin", text, tuple(course - margin), "0: no difference", warn=near)


def _course(series: Series | None, look: int | None) -> NDArray[np.float64]:
    """The last readings up to a step."""
    if series is None:
        return np.empty(0)
    end = len(series.values) if look is None else int(np.searchsorted(series.steps, look, side="right"))
    return series.values[max(end - COURSE, 0) : end]
