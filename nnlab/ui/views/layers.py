"""The layers panel: how the gradient and the updates fare in each layer, first layer on top."""

from dataclasses import dataclass

from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.ui.charts.bars import BarColumn, BarRow

_COLUMNS = (
    ("grad_norm", BarColumn("gradient", 1e-8, 1e2, log=True, short="grad")),
    ("update_ratio", BarColumn("update", 1e-6, 1.0, log=True)),
    ("dead", BarColumn("dead", 0.0, 1.0)),
    ("saturated", BarColumn("saturated", 0.0, 1.0, short="flat")),
)


@dataclass(frozen=True, slots=True)
class LayersView:
    """Rows and columns of the bar table."""

    rows: tuple[BarRow, ...] = ()
    columns: tuple[BarColumn, ...] = ()


def layers(history: History, diagnosis: Diagnosis | None, look: int | None = None) -> LayersView:
    """The last reading of every layer, up to the step `look` if given; columns that no layer measures are left out."""
    names = [layer.name for layer in history.info.layers]
    measured = [
        (key, column)
        for key, column in _COLUMNS
        if any(history.get(f"layer/{name}/{key}") is not None for name in names)
    ]
    blamed = _blamed(diagnosis)
    readings = {name: tuple(_last(history, name, key, look) for key, _ in measured) for name in names}
    rows = tuple(
        BarRow(name, values, warn=name in blamed)
        for name, values in readings.items()
        if any(value is not None for value in values)
    )
    return LayersView(rows, tuple(column for _, column in measured))


def _last(history: History, layer: str, key: str, look: int | None) -> float | None:
    series = history.get(f"layer/{layer}/{key}")
    if series is None:
        return None
    return series.last if look is None else series.at(look)


def _blamed(diagnosis: Diagnosis | None) -> set[str]:
    """Layers named by the evidence of standing findings."""
    return {item.layer for finding in diagnosis.standing for item in finding.evidence} if diagnosis else set()
