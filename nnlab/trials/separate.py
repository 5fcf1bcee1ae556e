"""Change one thing at a time, afterwards: of several knobs turned within one window, what each did by itself."""

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nnlab.diagnosis.attending import attending
from nnlab.diagnosis.finding import Remedy
from nnlab.diagnosis.rules.confounded_changes import IGNORED, WINDOW_EVALUATIONS
from nnlab.errors import UserError
from nnlab.runs import retell
from nnlab.runs.reader import RunFile
from nnlab.telemetry.history import History
from nnlab.trials.fork import UNTOUCHED, Change, Fork
from nnlab.trials.forks import UNWATCHED, Plan, Watching, grow
from nnlab.trials.ground import Ground, recorded
from nnlab.trials.judge import LOWER_IS_BETTER, MARGIN, comparable, effect_on
from nnlab.trials.prove import CONTROL, horizon
from nnlab.wire.events import KnobTurned
from nnlab.wire.values import KnobValue

MODE = "confounded-changes"
CLOSE_SHARE = 0.1
"""Of the budget: knobs turned within it are worth separating, for a fork trains longer than that (`HORIZON_SHARE`)."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change (or all, with an empty `knob`) did by itself: treated − untouched, seed by seed."""

    knob: str
    old: KnobValue
    new: KnobValue
    effects: tuple[float, ...]
    effect: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Separated:
    """Changes at `step`, each trained alone for `horizon` steps; largest effect first. `value` is the untouched one."""

    step: int
    horizon: int
    measure: str
    value: float
    untouched: str
    changes: tuple[Effect, ...]
    together: Effect | None
    """None while there is no fork of all of them yet."""

    @property
    def headline(self) -> str:
        """Which change did it, in one sentence."""
        told = [one for one in self.changes if abs(one.effect) > MARGIN * abs(self.value)]
        if not told:
            return f"None of the {len(self.changes)} changes moved {self.measure or 'anything'} by itself."
        most = told[0]
        better = (most.effect < 0) == (self.measure in LOWER_IS_BETTER)
        return (
            f"{most.knob} {most.old} → {most.new} did most: {self.measure} {most.effect:+.3g}, for the {_side(better)}."
        )


def confounded(file: Path) -> tuple[KnobTurned, ...]:
    """The knobs of a run file's current line that were turned within one window, the first such window.

    Each knob once, from what it held before to what it came to. Raises UserError where there is none.
    """
    with RunFile(file) as run:
        events = list(retell.line(run))
        history, doctor = History(run.info), attending(run.info)
    for event in events[1:]:
        for _ in history.feed(event):
            found = next((item for item in doctor.look(history).standing if item.mode == MODE), None)
            if found is not None:
                return _merged(history, found.since_step, found.evidence[0].step)
    raise UserError(f"{file}: no two knobs were turned within one window, so there is nothing to separate")


def turned_together(history: History) -> tuple[KnobTurned, ...]:
    """The same of a run as it stands: the last knobs that were turned close together; empty where there are none.

    A hand that turns two knobs takes longer than an evaluation, so this window is wider than that of the finding. What
    one remedy turned at once was one change.
    """
    width = max(WINDOW_EVALUATIONS * history.info.eval_every, round(CLOSE_SHARE * history.info.planned_steps))
    steps = [turn.step for turn in history.turns]
    while steps:
        last, begin = steps[-1], bisect_left(steps, steps[-1] - width)
        within = _merged(history, last - width, last)
        one_remedy = {(turn.step, turn.source) for turn in within} == {(last, "remedy")}
        if sum(turn.knob not in IGNORED for turn in within) > 1 and not one_remedy:
            return within
        del steps[begin:]
    return ()


def separate(
    file: Path,
    turns: Sequence[KnobTurned],
    folder: Path,
    seeds: int = 1,
    watching: Watching = UNWATCHED,
) -> Separated:
    """Fork the run before the first of these turns: one fork each, one with all, one with none; states go to `folder`.

    Raises UserError, TrialError, CalledOffError; no engine is left behind.
    """
    return deque(separating(file, turns, folder, seeds, watching), maxlen=1).pop()


def separating(
    file: Path,
    turns: Sequence[KnobTurned],
    folder: Path,
    seeds: int = 1,
    watching: Watching = UNWATCHED,
) -> Iterator[Separated]:
    """The same, told each time that more can be said: of the seeds so far, and the changes that have one. `turns[i]`
    has place i in `watching`, all of them together place `len(turns)`, the untouched fork `CONTROL`.
    """
    first, last = turns[0].step, turns[-1].step
    ground = _without(recorded(file, first, folder, watching.called_off), first, last)
    steps = horizon(ground.info, first)
    every = {turn.knob: turn.new for turn in turns}
    planned = {CONTROL: UNTOUCHED}
    planned |= {place: Change({turn.knob: turn.new}) for place, turn in enumerate(turns)}
    planned[len(turns)] = Change(every)
    for forks in grow(ground, Plan(planned, MODE, steps, seeds), watching):
        controls = {one.seed: one for one in forks[CONTROL]}
        if 0 in controls:
            held = {place: [one for one in forks[place] if one.seed in controls] for place in planned}
            yield _separated(first, steps, turns, held, controls)


def _separated(
    step: int,
    steps: int,
    turns: Sequence[KnobTurned],
    forks: Mapping[int, Sequence[Fork]],
    controls: Mapping[int, Fork],
) -> Separated:
    """What these forks say, each measured with what all of them have."""
    lot = Remedy("all", tuple({"turn": turn.knob, "to": turn.new} for turn in turns))
    measure = comparable(lot, [fork for place in forks for fork in forks[place]], controls)
    found = [
        _effect_of(turn.knob, turn.old, turn.new, forks[place], controls, measure)
        for place, turn in enumerate(turns)
        if forks[place]
    ]
    together = forks[len(turns)]
    return Separated(
        step,
        steps,
        measure,
        controls[0].values.get(measure, math.nan),
        controls[0].verdict,
        tuple(sorted(found, key=lambda one: -abs(one.effect) if not math.isnan(one.effect) else 1.0)),
        _effect_of("", "", "", together, controls, measure) if together else None,
    )


def _merged(history: History, since: int, until: int) -> tuple[KnobTurned, ...]:
    """The knobs turned between two steps, each once; those that were turned back are left out."""
    kept: dict[str, KnobTurned] = {}
    for turn in history.turns:
        if since <= turn.step <= until:
            kept[turn.knob] = replace(kept.get(turn.knob, turn), new=turn.new)
    return tuple(turn for turn in kept.values() if turn.old != turn.new)


def _without(ground: Ground, first: int, last: int) -> Ground:
    """The ground whose script no longer turns knobs in the window."""
    often = ground.info.steps_per_epoch
    script = tuple(
        entry
        for entry in ground.scenario.scenario.script
        if not entry.set or not first <= (entry.at if entry.at is not None else (entry.at_epoch or 0) * often) <= last
    )
    scenario = ground.scenario.scenario.model_copy(update={"script": script})
    return replace(ground, scenario=replace(ground.scenario, scenario=scenario))


def _effect_of(
    knob: str, old: KnobValue, new: KnobValue, forks: Sequence[Fork], controls: Mapping[int, Fork], measure: str
) -> Effect:
    effects = tuple(effect_on(fork, controls[fork.seed], measure) for fork in forks)
    known = sorted(effect for effect in effects if not math.isnan(effect))
    return Effect(
        knob, old, new, effects, known[(len(known) - 1) // 2] if known else math.nan, forks[0].verdict
    )  # fmt: skip


def _side(better: bool) -> str:
    return "better" if better else "worse"
