"""A run as the engine would have told it, out of columns of metrics."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nnlab.imports.metrics import Column, Floats, Ints, Metrics, MetricsError, Unit, listed
from nnlab.imports.naming import choose
from nnlab.wire.events import Event, RunStarted, StateChanged
from nnlab.wire.frames import frame
from nnlab.wire.values import PER_STEP, LayerSpec, RunInfo, SeriesSpec

READINGS = 40
"""Readings of the training loss that are kept at least where it is averaged over stretches of steps."""
SHORTEST_PLAN = 36
"""Readings that a run is taken to have been planned for at least, where nobody says so: the rules judge a trend over a
quarter of the plan and by eight readings or more, which a log of twenty epochs would never reach."""
LOOKS = 200
"""Diagnoses over the file, as in a run of the engine."""
LEAST_LOOKS = 2000
"""At most so many from step 0 on, where a file begins late."""
TWO_CLASSES = math.log(2)
"""Loss of a constant guess between two balanced classes: where there is an accuracy, no less is to be expected."""
MOST_CLASSES = 1000.0
SHARES = (
    "accuracy",
    "/recall_min",
    "/recall@1",
    "majority",
    "/dead",
    "/saturated",
    "triplet/active",
    "/false_negatives",
)
"""Ends of series that are shares of a whole."""
SIZES = ("norm", "/update_ratio", "/act_std", "lr", "weight/distance", "/noise_scale", "/penalty_ratio", "/critical")
"""Ends of series that cannot be negative."""
SLACK = 1e-6
"""Rounding that a share may show outside 0 to 1."""

Fact = float | str | bool


@dataclass(frozen=True, slots=True)
class Told:
    """The run, its events, and what became of the columns: series → column; `ignored` are the others."""

    info: RunInfo
    events: tuple[Event, ...]
    columns: dict[str, str]
    ignored: tuple[str, ...]
    unit: Unit
    notes: tuple[str, ...]


def tell(
    metrics: Metrics,
    mapping: Mapping[str, str] | None = None,
    planned: int | None = None,
    facts: Mapping[str, Fact] | None = None,
) -> Told:
    """The run that these columns record.

    `mapping` names the series of columns whose names do not say it, `planned` the steps that the run was to have (those
    of the file if left out), `facts` what else is known (`constant_loss`, `classes`, …). Raises MetricsError without a
    training loss of two points at least.
    """
    columns = choose(metrics, mapping or {})
    notes = list(metrics.notes)
    points = {series: metrics.columns[name] for series, name in columns.items()}
    _check(metrics, points)
    shares = {series: column for series, column in points.items() if series.endswith(SHARES)}
    for series, column in points.items():
        if series.endswith(SIZES) and np.nanmin(column.values, initial=0) < 0:
            raise MetricsError(f"{metrics.source}: {columns[series]} is negative, which {series} cannot be")
    points |= {series: _share(metrics.source, columns[series], column, notes) for series, column in shares.items()}
    _derive(points, columns, notes)
    done = max(int(column.steps[-1]) + (series in PER_STEP) for series, column in points.items())
    if planned is not None and planned < done:
        raise MetricsError(f"{metrics.source} goes on to step {done}, so {planned} cannot be its planned steps")
    plan = planned or max(done, SHORTEST_PLAN * _spacing(points["train/probe_loss"].steps))
    info = _info(metrics, points, plan, _facts(points, facts or {}, notes))
    ended = StateChanged(done, "finished" if done >= plan else "stopped", "the recording ends here")
    events = (RunStarted(info), frame(done, points), ended)
    ignored = tuple(name for name in metrics.columns if name not in columns.values())
    return Told(info, events, columns, ignored, metrics.unit, tuple(notes))


def _check(metrics: Metrics, points: dict[str, Column]) -> None:
    names = list(metrics.columns)
    if "train/loss" not in points and "train/probe_loss" in points:
        points["train/loss"] = points["train/probe_loss"]
    if "train/loss" not in points:
        raise MetricsError(
            f"{metrics.source}: no column is a training loss (found {listed(names)}); name it with "
            "--map COLUMN=train/loss"
        )
    if len(points["train/loss"].steps) < 2:
        raise MetricsError(f"{metrics.source}: a training loss of one point is nothing to diagnose")


def _share(source: str, name: str, column: Column, notes: list[str]) -> Column:
    """A column of shares from 0 to 1; percentages are divided. Raises MetricsError for anything else."""
    finite = column.values[np.isfinite(column.values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    if low < -SLACK or high > 100 + SLACK:
        raise MetricsError(
            f"{source}: {name} should be a share from 0 to 1 or a percentage, but is {low:g} to {high:g}"
        )
    if high > 1 + SLACK:
        notes.append(f"{name} is in percent: divided by 100")
        return Column(column.steps, np.clip(column.values / 100, 0, 1))
    return Column(column.steps, np.clip(column.values, 0, 1))


def _derive(points: dict[str, Column], columns: dict[str, str], notes: list[str]) -> None:
    """The steady reading of the training loss that most rules ask for, which only nnlab measures.

    A batch's loss is averaged over stretches, as its noise would look like trouble; so is a batch's accuracy.
    """
    losses = points["train/loss"]
    if "train/probe_loss" not in points:
        points["train/probe_loss"] = means(losses)
        stretch = round(len(losses.steps) / len(points["train/probe_loss"].steps))
        how = "is taken as it is" if stretch <= 1 else f"is averaged over {stretch} points"
        notes.append(f"train/probe_loss was not recorded: {columns.get('train/loss', 'the training loss')} {how}")
    accuracy = "train/probe_accuracy"
    if accuracy in points and columns[accuracy] != accuracy:
        points[accuracy] = means(points[accuracy])


def means(column: Column) -> Column:
    """At least `READINGS` means over stretches of equal length, each at the stretch's last step; all of a short one.

    The first point stays alone: it shows where the run began, which the first stretch may already have left.
    """
    length = max(1, len(column.steps) // READINGS)
    if length == 1:
        return column
    starts = np.append(0, np.arange(1, len(column.steps) - length // 2, length))
    ends = np.append(starts[1:], len(column.steps))
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.add.reduceat(column.values, starts) / (ends - starts)
    return Column(column.steps[ends - 1], values)


def _facts(points: dict[str, Column], given: Mapping[str, Fact], notes: list[str]) -> dict[str, Fact]:
    """What the rules take from data and configuration, as far as it shows in the numbers."""
    facts: dict[str, Fact] = dict(given)
    classified = any(name in points for name in ("train/probe_accuracy", "val/accuracy"))
    first = _first(points["train/probe_loss"].values)
    if "constant_loss" not in facts and first > 0:
        reference = max(first, TWO_CLASSES) if classified else first
        facts["constant_loss"] = reference
        notes.append(f"the loss of a constant guess is not known: the first reading, {reference:.4g}, stands in for it")
    constant = facts.get("constant_loss", math.nan)
    facts.setdefault("constant_loss_val", constant)
    if classified and isinstance(constant, float) and math.isfinite(constant):
        facts.setdefault("classes", float(max(2, round(math.exp(min(constant, math.log(MOST_CLASSES)))))))
    if "lr" not in points:
        facts.setdefault("optimizer.lr", math.nan)
    return facts


def _info(metrics: Metrics, points: dict[str, Column], planned: int, facts: dict[str, Fact]) -> RunInfo:
    first, last = (int(points["train/loss"].steps[index]) for index in (0, -1))
    probe_every = _spacing(points["train/probe_loss"].steps)
    eval_every = max(probe_every, _spacing(points["val/loss"].steps)) if "val/loss" in points else probe_every
    layers = dict.fromkeys(name.split("/", 1)[1].rsplit("/", 1)[0] for name in points if name.startswith("layer/"))
    return RunInfo(
        run_id="import",
        scenario=metrics.source,
        title=metrics.source,
        family="towers" if "sim/gap" in points else "import",
        scenario_toml="",
        seed=0,
        device="",
        planned_steps=planned,
        batch_size=1,
        steps_per_epoch=1,
        eval_every=eval_every,
        probe_every=probe_every,
        diagnose_every=max(1, (last - first) // LOOKS, last // LEAST_LOOKS),
        series=tuple(SeriesSpec(name, name, every=1 if name in PER_STEP else 0) for name in points),
        layers=tuple(LayerSpec(name, "layer", 0, 0) for name in layers),
        facts=facts,
    )


def _spacing(steps: Ints) -> int:
    """The usual distance of two points."""
    return max(1, int(np.median(np.diff(steps)))) if len(steps) > 1 else 1


def _first(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(finite[0]) if len(finite) else math.nan
