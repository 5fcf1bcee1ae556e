"""Prescribe, apply, prove: the remedies of a finding tried in forks from one state, in parallel.

What a lab or a command needs: a `Ground` (see `nnlab.trials.ground`: `ground` of a run that rests and has written its
state, `recorded` of a run file), then `prove`. Nothing of the run itself is touched. Whoever adopts the winner turns
its knobs with source "remedy" at that very step, or begins again with its settings. A fork without a change goes on
like the run itself, bit for bit, so what was proved for the run's own order of batches is what will happen.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nnlab.diagnosis.finding import Finding, Remedy
from nnlab.errors import UserError
from nnlab.scenario.load import Loaded
from nnlab.trials.cure import begun_again, changes
from nnlab.trials.fork import UNTOUCHED, Change, Fork
from nnlab.trials.forks import UNWATCHED, Plan, Watching, grow
from nnlab.trials.ground import Ground
from nnlab.trials.judge import Trial, best_first, judge
from nnlab.wire.values import RunInfo

HORIZON_SHARE = 0.25
"""Of the budget, for every fork."""
TRIES = 3
"""Remedies tried."""
CONTROL = -1
"""Place of the untouched fork among the remedies'."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What trials of the remedies of `finding` at `step` came to, best first; `control` is the untouched fork."""

    finding: Finding
    step: int
    horizon: int
    control: Fork
    trials: tuple[Trial, ...]


def horizon(info: RunInfo, step: int, share: float = HORIZON_SHARE) -> int:
    """Steps to train a fork from `step`: about this share of the budget, up to a step where everything is measured."""
    often = math.lcm(max(1, info.eval_every), max(1, info.diagnose_every))
    wanted = step + max(1, round(share * info.planned_steps))
    return -(-wanted // often) * often - step


def change(loaded: Loaded, remedy: Remedy) -> Change:
    """A remedy as a change: turns, or a new beginning. Raises ScenarioErrors where its settings do not fit."""
    turns, settings = changes(remedy)
    return Change({}, begun_again(loaded, settings | turns)) if settings else Change(turns)


def prove(
    ground: Ground,
    finding: Finding,
    remedies: Sequence[Remedy],
    seeds: int = 1,
    watching: Watching = UNWATCHED,
) -> Proved:
    """Train every remedy and the control with every seed for a quarter of the budget.

    A remedy whose settings do not fit is refuted with a note. Raises UserError, TrialError, CalledOffError; no engine
    is left behind.
    """
    return deque(proving(ground, finding, remedies, seeds, watching), maxlen=1).pop()


def proving(
    ground: Ground,
    finding: Finding,
    remedies: Sequence[Remedy],
    seeds: int = 1,
    watching: Watching = UNWATCHED,
) -> Iterator[Proved]:
    """The same, told each time that more can be said: of the seeds so far, and the remedies that have one. Remedies
    that there is nothing to say of yet are left out. `remedies[i]` has place i in `watching`, the control `CONTROL`.
    """
    steps = horizon(ground.info, ground.step)
    planned, unfit = {CONTROL: UNTOUCHED}, []
    for place, remedy in enumerate(remedies):
        try:
            planned[place] = change(ground.whole, remedy)
        except UserError as error:
            unfit.append(_unfit(remedy, str(error).splitlines()[0]))
    for forks in grow(ground, Plan(planned, finding.mode, steps, seeds), watching):
        controls = {one.seed: one for one in forks[CONTROL]}
        trials = [
            judge(remedies[place], planned[place].anew is not None, held, controls, finding.mode)
            for place in planned
            if place != CONTROL and (held := [one for one in forks[place] if one.seed in controls])
        ]
        if 0 in controls:
            yield Proved(finding, ground.step, steps, controls[0], best_first([*trials, *unfit]))


def _unfit(remedy: Remedy, why: str) -> Trial:
    return Trial(remedy, True, "refuted", "", (), math.nan, 0, 1, None, "", 0, why)
