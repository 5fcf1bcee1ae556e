"""What a knob turn caused: the run held against an untouched twin that began with the same state, RNG and batches.

Plain functions from what was told of the two to an `Effect`, and from an `Effect` to the run file's journal and back.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from nnlab.diagnosis.finding import UNDECIDED, Diagnosis
from nnlab.telemetry.history import History
from nnlab.trials.fork import LAST
from nnlab.trials.judge import LOWER_IS_BETTER, MARGIN, measures
from nnlab.wire.values import KnobValue

KIND = "effect"
"""Of the journal's remark that holds one."""
ENOUGH = 3
"""Common readings of the measure before anything is said of it."""
SCATTERS = 2.0
"""How many times the scatter of single readings a difference must be: one in twenty would be as large by chance."""
DRAWN = ("train/loss", "val/loss")
"""Series whose course without the turn is kept, for the plots of the loss."""
KEPT_POINTS = 64
"""Of each of them, at most."""

NO_EFFECTS = ("confounded-changes",)
"""Findings about what was turned, and not about what came of it."""

Floats = NDArray[np.float64]
Course = tuple[tuple[int, ...], tuple[float, ...]]
"""Steps and values."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A knob, from what it held to what it came to hold."""

    knob: str
    old: KnobValue
    new: KnobValue


@dataclass(frozen=True, slots=True)
class Appearance:
    """A finding that stands on one of the two lines only, and the step since which that is so.

    One that had stood `before` the turn has cleared on the other line; any other has come up.
    """

    mode: str
    since: int
    before: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What `turns` at step `begin` (several within one evaluation) had caused at step `end`.

    `measure` is the series compared, "" where there is none. `treated` and `untouched` are its medians over the last
    quarter of the way, with the turn and without it, infinite where not finite; `noise` is the smallest difference that
    counts. `since` is the first reading from which on the two differ, None where no difference can be told. `brought`
    are findings that stand with the turn only, `spared` those that stand without it only. `verdict` and `without` are
    how either stands. `courses` is how the series of `DRAWN` went on without the turn.
    """

    turns: tuple[Turned, ...]
    begin: int
    end: int
    measure: str = ""
    readings: int = 0
    treated: float = math.nan
    untouched: float = math.nan
    noise: float = math.nan
    since: int | None = None
    brought: tuple[Appearance, ...] = ()
    spared: tuple[Appearance, ...] = ()
    verdict: str = UNDECIDED
    without: str = UNDECIDED
    courses: Mapping[str, Course] = field(default_factory=dict)

    @property
    def early(self) -> bool:
        """Whether there is too little to say anything of the measure."""
        return self.readings < ENOUGH

    @property
    def visible(self) -> bool:
        """Whether the turn caused anything that can be told."""
        return self.since is not None or bool(self.brought or self.spared)

    @property
    def better(self) -> bool:
        """Whether the measure went for the better; says nothing where `since` is None."""
        return (self.treated < self.untouched) == (self.measure in LOWER_IS_BETTER)


@dataclass(frozen=True, slots=True)
class Account:
    """One of the two lines: its history, of which what lies after the end is left out, and its diagnoses in order."""

    history: History
    diagnoses: Sequence[Diagnosis]


def effect(turns: Sequence[Turned], begin: int, end: int, run: Account, twin: Account) -> Effect:
    """What the turns had caused when both lines had come to step `end`."""
    measure = _measure(turns, run.history, twin.history)
    courses = {name: _thinned(*_points(twin.history, name, begin, end)) for name in DRAWN}
    found = Effect(tuple(turns), begin, end, measure, courses={name: one for name, one in courses.items() if one[0]})
    found = _compared(found, run.history, twin.history) if measure else found
    last, control = _at(run.diagnoses, end), _at(twin.diagnoses, end)
    if last is None or control is None:
        return found
    return replace(
        found,
        brought=_only(last, control, begin),
        spared=_only(control, last, begin),
        verdict=last.verdict,
        without=control.verdict,
    )


def to_text(found: Effect) -> str:
    """For the journal."""
    return json.dumps(asdict(found), separators=(",", ":"))


def from_text(text: str) -> Effect | None:
    """Back from the journal; None where it is none that this version can read."""
    try:
        told = json.loads(text)
        told["turns"] = tuple(Turned(**one) for one in told["turns"])
        told |= {side: tuple(Appearance(**one) for one in told[side]) for side in ("brought", "spared")}
        told["courses"] = {name: (tuple(steps), tuple(values)) for name, (steps, values) in told["courses"].items()}
        return Effect(**told)
    except (ValueError, TypeError, KeyError):
        return None


def _measure(turns: Sequence[Turned], run: History, twin: History) -> str:
    """The first series that says how well it goes, means the same after the turns, and that both have."""
    names = measures({turn.knob for turn in turns})
    return next((name for name in names if run.get(name) is not None and twin.get(name) is not None), "")


def _compared(found: Effect, run: History, twin: History) -> Effect:
    """With what the measure tells, from the readings that both took at the same steps."""
    ours, theirs = (_points(line, found.measure, found.begin, found.end) for line in (run, twin))
    steps, mine, other = np.intersect1d(ours[0], theirs[0], return_indices=True)
    if len(steps) < ENOUGH:
        return replace(found, readings=len(steps))
    treated, untouched = (np.where(np.isfinite(line), line, np.inf) for line in (ours[1][mine], theirs[1][other]))
    late = steps >= found.end - LAST * (found.end - found.begin)
    late[-1] = True
    last, control = float(np.median(treated[late])), float(np.median(untouched[late]))
    noise = max(MARGIN * abs(control), SCATTERS * math.hypot(_scatter(treated), _scatter(untouched)))
    return replace(
        found,
        readings=len(steps),
        treated=last,
        untouched=control,
        noise=noise if math.isfinite(noise) else 0.0,
        since=_since(steps, _differences(treated, untouched), _difference(last, control), noise),
    )


def _since(steps: NDArray[np.int64], apart: Floats, at_the_end: float, noise: float) -> int | None:
    """The first reading beyond the noise after which the difference keeps its sign; None where it ends within it."""
    if math.isfinite(at_the_end) and not abs(at_the_end) > noise:
        return None
    against = np.flatnonzero(np.sign(apart) != np.sign(at_the_end))
    own = slice(int(against[-1]) + 1 if len(against) else 0, None)
    beyond = np.flatnonzero(~(np.abs(apart[own]) <= noise))
    return int(steps[own][beyond[0]]) if len(beyond) else None


def _differences(treated: Floats, untouched: Floats) -> Floats:
    """Treated − untouched; 0 where neither is finite."""
    both = np.isinf(treated) & np.isinf(untouched)
    return np.where(both, 0.0, np.where(both, 0.0, treated) - np.where(both, 0.0, untouched))


def _difference(treated: float, untouched: float) -> float:
    return float(_differences(np.array([treated]), np.array([untouched]))[0])


def _scatter(values: Floats) -> float:
    """By how much single readings lie off their trend: a robust standard deviation, from second differences."""
    known = values[np.isfinite(values)]
    if len(known) < ENOUGH:
        return 0.0
    return float(1.4826 * np.median(np.abs(np.diff(known, 2))) / math.sqrt(6.0))


def _points(line: History, name: str, begin: int, end: int) -> tuple[NDArray[np.int64], Floats]:
    """The points of a series after step `begin` up to step `end`."""
    series = line.get(name)
    if series is None:
        return np.empty(0, np.int64), np.empty(0)
    inside = (series.steps > begin) & (series.steps <= end)
    return series.steps[inside], series.values[inside]


def _thinned(steps: NDArray[np.int64], values: Floats) -> Course:
    """Means of stretches of equal length where there are too many points."""
    if len(steps) <= KEPT_POINTS:
        return tuple(steps.tolist()), tuple(values.tolist())
    parts = np.array_split(np.arange(len(steps)), KEPT_POINTS)
    return tuple(int(steps[part[-1]]) for part in parts), tuple(float(values[part].mean()) for part in parts)


def _at(diagnoses: Sequence[Diagnosis], step: int) -> Diagnosis | None:
    """What was concluded last when `step` steps were done."""
    after = bisect_right(diagnoses, step, key=attrgetter("step"))
    return diagnoses[after - 1] if after else None


def _only(here: Diagnosis, there: Diagnosis, begin: int) -> tuple[Appearance, ...]:
    """Problems that stand here and not there, where the rule was heard there."""
    quiet = {mode for mode, why in there.waiting.items() if why.startswith("quiet")}
    others = quiet.union(NO_EFFECTS, (item.mode for item in there.standing))
    gone = {item.mode: item.cleared_step for item in there.ever if item.cleared_step is not None}
    return tuple(
        Appearance(item.mode, gone.get(item.mode, item.detected_step), item.detected_step <= begin)
        for item in here.standing
        if item.problem and item.mode not in others
    )
