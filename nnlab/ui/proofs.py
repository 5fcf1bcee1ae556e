"""What trials have proved, in the words of screens and journal."""

import math

from nnlab.trials.judge import BOUNDLESS, LOWER_IS_BETTER, MARGIN, Trial
from nnlab.trials.prove import Proved
from nnlab.trials.separate import Effect, Separated
from nnlab.ui import format as write
from nnlab.ui.views.diagnosis import does

NO_EFFECT = "no effect"


def notes(found: Proved | Separated | None) -> tuple[str, ...]:
    """Sentences for the journal, best remedy or largest effect first."""
    match found:
        case Proved():
            return tuple(map(note, found.trials))
        case Separated():
            return (found.headline, *(f"{turned(one)} alone: {_did(one, found)}" for one in found.changes))
        case None:
            return ()


def note(trial: Trial) -> str:
    """ "lr → 0.01: confirmed, 4 of 4 seeds, val/loss −0.4"."""
    return f"{does(trial.remedy.commands)}: {_proved(trial)}"


def seeds(trial: Trial) -> str:
    """ "3 of 4 seeds": those that confirm it."""
    return f"{trial.confirmed} of {write.plural(trial.seeds, 'seed')}"


def effect(measure: str, value: float) -> str:
    """ "val/loss −0.41"; empty where there is nothing to compare."""
    if not measure or math.isnan(value):
        return ""
    if math.isinf(value):
        return f"{measure} {BOUNDLESS[value > 0]}"
    return f"{measure} {'+' if value > 0 else ''}{write.number(value, 3)}"


def turned(one: Effect) -> str:
    """ "lr 0.1 → 0.01"."""
    return f"{one.knob} {write.knob(one.old)} → {write.knob(one.new)}"


def side(one: Effect, found: Separated) -> str:
    """Whether a change was for the better or the worse, or moved too little to tell."""
    if not found.measure or math.isnan(one.effect) or abs(one.effect) <= MARGIN * abs(found.value):
        return NO_EFFECT
    return "better" if (one.effect < 0) == (found.measure in LOWER_IS_BETTER) else "worse"


def agreeing(one: Effect) -> str:
    """ "4 of 4 seeds": those whose effect has the sign of the middle one."""
    same = sum((effect > 0) == (one.effect > 0) for effect in one.effects if not math.isnan(effect))
    return f"{same} of {write.plural(len(one.effects), 'seed')}"


def _proved(trial: Trial) -> str:
    if trial.note:
        return f"{trial.proof}, {trial.note}"
    return ", ".join(part for part in (trial.proof, seeds(trial), effect(trial.measure, trial.effect)) if part)


def _did(one: Effect, found: Separated) -> str:
    return ", ".join(part for part in (side(one, found), effect(found.measure, one.effect), agreeing(one)) if part)
