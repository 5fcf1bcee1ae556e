"""Lines of runs held against the first of them: what was set differently, where they part, and what came of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nnlab.programs.steered import Found, Steered, steered
from nnlab.runs.reader import Points, RunFile
from nnlab.scenario.knob_table import BY_ID
from nnlab.scenario.scenario import Scenario
from nnlab.wire.events import Marked
from nnlab.wire.values import PER_STEP

WORDS = frozenset({"title", "summary", "story", "teaches", "family", "expect", "lesson", "script", "knobs", "seed"})
"""Keys of a scenario that say nothing about its training, or are told in other words."""

CURVES = ("train/loss", "val/loss")
"""Series that are drawn side by side."""


class Side(NamedTuple):
    """What is compared: the line of a branch (None: the current one) of a run."""

    run: RunFile
    branch: int | None = None

    def series(self, name: str) -> Points:
        """The points of a series on this line; maybe none."""
        return self.run.series(name, branch=self.branch)


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting that is not the same in all runs: its value in each, in their order, None where there is none."""

    what: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first point at which a run is not the first one, bit for bit; `step` is -1 if there is none.

    `same` counts the points that both have and that are equal before that step, over all series; `until` is how many
    steps both have done. Of the series that differ at `step`, `series` is one measured every step if there is any.
    """

    step: int
    series: str
    values: tuple[float, float]
    same: int
    until: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side, all tuples in their order. `divergences` are of the second file and after."""

    files: tuple[str, ...]
    scenarios: tuple[str, ...]
    steps: tuple[int, ...]
    verdicts: tuple[str, ...]
    differences: tuple[Difference, ...]
    divergences: tuple[Divergence, ...]
    metrics: dict[str, tuple[float | None, ...]]
    """Last value of each series."""
    findings: tuple[tuple[Found, ...], ...]
    curves: dict[str, tuple[Points, ...]]
    """`CURVES` of each."""


def compare(sides: Sequence[Side]) -> Comparison:
    """Compare lines with the first one. Raises UserError for a file that is damaged or says too little."""
    told = [steered(*side) for side in sides]
    names = dict.fromkeys(name for side in sides for name in side.run.names())
    return Comparison(
        files=tuple(str(side.run.path) for side in sides),
        scenarios=tuple(side.run.info.scenario for side in sides),
        steps=tuple(one.steps for one in told),
        verdicts=tuple(map(_verdict, sides)),
        differences=tuple(_differences(told)),
        divergences=tuple(_divergence(sides[0], side) for side in sides[1:]),
        metrics={name: tuple(_last(side.series(name)) for side in sides) for name in names},
        findings=tuple(one.findings for one in told),
        curves={name: tuple(side.series(name) for side in sides) for name in CURVES},
    )


def _verdict(side: Side) -> str:
    marks = [event for event in side.run.events("verdict", side.branch) if isinstance(event, Marked)]
    return marks[-1].text if marks else ""


def _last(points: Points) -> float | None:
    return float(points.values[-1]) if len(points.values) else None


def _differences(runs: Sequence[Steered]) -> Iterator[Difference]:
    """Keys of the scenario, seed, device, versions, and the turns of each knob, where they are not all the same."""
    settings = [dict(_settings(run)) for run in runs]
    for what in dict.fromkeys(key for setting in settings for key in setting):
        values = tuple(setting.get(what) for setting in settings)
        if any(value != values[0] for value in values):
            yield Difference(what, values)


def _settings(run: Steered) -> Iterator[tuple[str, Any]]:
    yield from _flat("", _trained(run.scenario))
    yield "seed", run.info.seed
    yield "device", run.info.device
    yield "planned steps", run.info.planned_steps
    for name, version in run.info.versions.items():
        yield f"version of {name}", version
    for knob in (knob for knob in BY_ID if any(turn.knob == knob for turn in run.turns)):
        turns = (f"{turn.value} at {turn.step} ({turn.source})" for turn in run.turns if turn.knob == knob)
        yield f"{knob} turned to", ", ".join(turns)


def _trained(scenario: Scenario) -> dict[str, Any]:
    return {key: value for key, value in scenario.model_dump(mode="json").items() if key not in WORDS}


def _flat(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", value


def _divergence(one: Side, other: Side) -> Divergence:
    """Where two lines part, over the points that both have."""
    parted: list[tuple[int, bool, str, float, float]] = []
    equal: list[npt.NDArray[np.int64]] = []
    for name in set(one.run.names()) & set(other.run.names()):
        first, second = one.series(name), other.series(name)
        steps, ours, theirs = np.intersect1d(first.steps, second.steps, assume_unique=True, return_indices=True)
        differs = _bits(first.values[ours]) != _bits(second.values[theirs])
        equal.append(steps[~differs])
        if differs.any():
            place = int(differs.argmax())
            values = float(first.values[ours[place]]), float(second.values[theirs[place]])
            parted.append((int(steps[place]), name not in PER_STEP, name, *values))
    until = min(side.run.done(side.branch) for side in (one, other))
    if not parted:
        return Divergence(-1, "", (math.nan, math.nan), sum(map(len, equal)), until)
    step, _, name, was, now = min(parted)
    return Divergence(step, name, (was, now), sum(int((steps < step).sum()) for steps in equal), until)


def _bits(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Numbers by their bits; all NaNs are one, as a run file keeps them."""
    return np.where(np.isnan(values), np.nan, values).view(np.int64)
