"""Diagnosing what is over: a run file, metrics that another program wrote, or arrays.

`nnlab.diagnose` and the command of that name both come through here. The doctor sees the run as it would have seen it
live, boundary by boundary.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nnlab.client.recorded import RecordedFeed
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import UNDECIDED, Diagnosis, Finding, Remedy
from nnlab.diagnosis.tested import weighed
from nnlab.imports import jsonl_metrics, opening
from nnlab.imports.blind import blind
from nnlab.imports.metrics import LARGEST_STEP, Column, Floats, Metrics, MetricsError, Unit
from nnlab.imports.told import Fact, Told, tell
from nnlab.telemetry.history import History
from nnlab.wire.events import Event
from nnlab.wire.values import RunInfo

_NO_RATE = "learning rate NaN"
"""What a rule writes where no learning rate was recorded."""


@dataclass(frozen=True, slots=True)
class Examination:
    """A diagnosis and what it rests on. `columns` (series → column) is empty for nnlab's own run files."""

    info: RunInfo
    history: History
    diagnosis: Diagnosis
    columns: dict[str, str]
    ignored: tuple[str, ...] = ()
    unit: Unit = "step"
    notes: tuple[str, ...] = ()


def examine_file(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    steps_column: str | None = None,
    planned: int | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Examination:
    """The examination of a file. Raises UserError (RunFileError, MetricsError) if it cannot be used."""
    if opening.is_run_file(path):
        if mapping or steps_column or planned or facts:
            raise MetricsError(f"{path} is a run file of nnlab, which says all that itself: leave the options out")
        return _examine_run(path)
    return examine_metrics(opening.read(path, steps_column), mapping, planned, facts)


def examine_metrics(
    metrics: Metrics,
    mapping: Mapping[str, str] | None = None,
    planned: int | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Examination:
    """The examination of columns. Raises MetricsError."""
    told = tell(metrics, mapping, planned, facts)
    history, diagnosis = _follow(told.info, told.events)
    return Examination(told.info, history, _honest(diagnosis, told), told.columns, told.ignored, told.unit, told.notes)


def metrics_of(history: object, steps_column: str | None = None) -> Metrics:
    """Columns out of what Python programs hold: see `nnlab.diagnose`. Raises MetricsError."""
    inner = getattr(history, "history", history)  # the History of Keras
    if isinstance(inner, Mapping):
        columns = {str(name): _column(str(name), values) for name, values in inner.items()}
        return Metrics("the history", {name: column for name, column in columns.items() if len(column.steps)}, "row")
    if isinstance(inner, Sequence) and not isinstance(inner, str | bytes):
        records = list(inner)
        if records and all(isinstance(record, Mapping) for record in records):
            return jsonl_metrics.of_records(records, "the history", steps_column)
    raise MetricsError("a history is a path, a dict of names and values, or a list of dicts, one for each step")


def _examine_run(path: Path) -> Examination:
    feed = RecordedFeed(path)
    try:
        history, diagnosis = _follow(feed.info, _all(feed))
        return Examination(feed.info, history, diagnosis, {})
    finally:
        feed.close()


def _all(feed: RecordedFeed) -> Iterable[Event]:
    while not feed.done:
        yield from feed.poll(0)


def _follow(info: RunInfo, events: Iterable[Event]) -> tuple[History, Diagnosis]:
    """The doctor's last word after all events.

    Recorded numbers may be of any size: what overflows on the way is infinite, which the rules can take.
    """
    history, doctor = History(info), Doctor(info)
    diagnosis = Diagnosis(0, UNDECIDED)
    with np.errstate(all="ignore"):
        for event in events:
            for _ in history.feed(event):
                diagnosis = doctor.look(history)
    return history, weighed(diagnosis, history)


def _honest(diagnosis: Diagnosis, told: Told) -> Diagnosis:
    """Without commands (there is no engine to carry them out), and with the rules named that could not judge."""
    shown = {finding.mode for finding in diagnosis.ever}
    facts = {name for name, value in told.info.facts.items() if value == value}  # noqa: PLR0124 (NaN is not known)
    unseen = blind({*told.columns, *facts})
    waiting = {**diagnosis.waiting, **{mode: text for mode, text in unseen.items() if mode not in shown}}
    return replace(
        diagnosis,
        headline=_plain(diagnosis.headline) if diagnosis.headline else None,
        standing=tuple(map(_plain, diagnosis.standing)),
        ever=tuple(map(_plain, diagnosis.ever)),
        waiting=dict(sorted(waiting.items())),
    )


def _plain(finding: Finding) -> Finding:
    because = finding.because.replace(f"At {_NO_RATE}", "At this learning rate")
    because = because.replace(f"the {_NO_RATE}", "the learning rate").replace(_NO_RATE, "the learning rate")
    kept = [remedy for remedy in finding.remedies if "NaN" not in remedy.text]
    return replace(
        finding, because=because, remedies=tuple(Remedy(remedy.text, (), rank) for rank, remedy in enumerate(kept, 1))
    )


def _column(name: str, values: object) -> Column:
    """One column; values that are None were not measured."""
    steps: Any = None
    if isinstance(values, tuple) and len(values) == 2 and all(hasattr(part, "__len__") for part in values):
        steps, values = values
    numbers, measured = _floats(name, values)
    at, _ = _floats(name, range(len(numbers)) if steps is None else steps)
    if len(at) != len(numbers):
        raise MetricsError(f"{name}: {len(at)} steps for {len(numbers)} values")
    if not np.all(np.isfinite(at)) or np.any(at != np.floor(at)) or np.any(at < 0) or np.any(at >= LARGEST_STEP):
        raise MetricsError(f"{name}: steps must be whole numbers from 0 on")
    if np.any(np.diff(at) <= 0):
        raise MetricsError(f"{name}: steps must increase")
    return Column(at[measured].astype(np.int64), numbers[measured])


def _floats(name: str, values: Any) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The numbers, and which of them are not None."""
    try:
        items = list(values)
        numbers = np.array([math.nan if item is None else float(item) for item in items], np.float64)
    except (TypeError, ValueError, OverflowError):
        raise MetricsError(f"{name}: expected a sequence of numbers, or a pair of steps and values") from None
    return numbers, np.array([item is not None for item in items], np.bool_)
