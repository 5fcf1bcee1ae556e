"""How each layer fared over the whole run: gradient, update, activations."""

import math
from dataclasses import replace

import numpy as np

from nnlab.ui import format as write
from nnlab.ui.charts.bars import BarColumn
from nnlab.ui.charts.heat import Heat, HeatBlock, HeatRow
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.views.sight import Known

TITLE = "layers over time"

QUANTITIES = (
    ("grad_norm", BarColumn("gradient", 1e-8, 1e2, log=True), "s1"),
    ("update_ratio", BarColumn("update ratio", 1e-6, 1.0, log=True), "s2"),
    ("act_std", BarColumn("activation std", 1e-3, 1e2, log=True), "s3"),
    ("dead", BarColumn("dead", 0.0, 1.0), "bad"),
    ("saturated", BarColumn("saturated", 0.0, 1.0), "warn"),
)
"""Series of a layer, how they are shaded, and in which colour; a log scale is narrowed to what was measured."""

LEAST_DECADES = 3
"""A log scale spans at least so many powers of ten, so that what hardly differs looks alike."""


def heat(known: Known) -> Drawing:
    """A block for each quantity that is measured; one that the diagnosis blames comes first."""
    blamed = _blamed(known)
    blocks = [block for quantity in QUANTITIES if (block := _block(known, *quantity, blamed)).rows]
    if not blocks:
        return Notice(TITLE, "No layer has been probed yet.")
    blocks.sort(key=lambda block: not any(row.warn for row in block.rows))
    last = max(known.history.info.planned_steps, known.history.step)
    marks = tuple(turn.step for turn in known.history.turns)
    return Heat(TITLE, "fuller is larger", tuple(blocks), last, marks)


def _block(known: Known, key: str, column: BarColumn, role: str, blamed: set[str]) -> HeatBlock:
    rows = []
    for layer in known.history.info.layers:
        name = f"layer/{layer.name}/{key}"
        series = known.history.get(name)
        if series is not None:
            steps, _, _, mean = series.overview()
            value = series.last if known.look is None else series.at(known.look)
            rows.append(
                HeatRow(layer.name, steps, mean, "—" if value is None else write.number(value, 2), warn=name in blamed)
            )
    return HeatBlock(_narrowed(column, rows) if column.log else column, tuple(rows), role)


def _narrowed(column: BarColumn, rows: list[HeatRow]) -> BarColumn:
    """The powers of ten about all values of the rows, within the bounds of the column."""
    values = np.concatenate([row.values for row in rows]) if rows else np.empty(0)
    values = values[np.isfinite(values) & (values > 0)]
    if not len(values):
        return column
    high = min(math.ceil(math.log10(float(values.max()))), round(math.log10(column.high)))
    low = max(math.floor(math.log10(float(values.min()))), round(math.log10(column.low)))
    return replace(column, low=10.0 ** min(low, high - LEAST_DECADES), high=10.0**high)


def _blamed(known: Known) -> set[str]:
    """Series named by the evidence of standing findings that are problems."""
    standing = known.diagnosis.standing if known.diagnosis else ()
    return {item.series for finding in standing if finding.problem for item in finding.evidence}
