"""Trials on the screen: how far they are, a row for each change with what it proved, and what can be adopted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnlab.trials.cure import changes
from nnlab.trials.judge import Proof, Trial
from nnlab.trials.prove import CONTROL, Proved
from nnlab.trials.separate import Effect, Separated
from nnlab.ui import format as write
from nnlab.ui import proofs
from nnlab.ui.session import Session
from nnlab.ui.trials import Attempt
from nnlab.ui.views.diagnosis import adds
from nnlab.wire.values import KnobValue

PROOFS: Mapping[Proof, tuple[str, str]] = {
    "confirmed": ("✓", "good"),
    "too early": ("◌", "warn"),
    "refuted": ("✗", "bad"),
}
"""Glyph and tone of each proof; the word stands beside them."""

SIDES = {"better": ("✓", "good"), "worse": ("✗", "bad"), proofs.NO_EFFECT: ("·", "quiet")}

BAR = 10
"""Characters of a progress bar."""

REFUTED = "It was refuted, so it is not adopted. The number keys of the diagnosis apply it all the same."
NOTHING_YET = "Nothing is known of it yet."


@dataclass(frozen=True, slots=True)
class Adoption:
    """What taking a row does: turn knobs at `step`, on a branch; or begin again with `settings`."""

    step: int
    turns: Mapping[str, KnobValue]
    settings: Mapping[str, KnobValue] = field(default_factory=dict)
    source: str = "remedy"
    proof: str = ""
    """What was proved of it."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One change. `refusal` says why it cannot be adopted, where `adoption` is None."""

    place: int
    glyph: str
    word: str
    tone: str
    facts: str
    text: str
    does: str
    adoption: Adoption | None = None
    refusal: str = NOTHING_YET


@dataclass(frozen=True, slots=True)
class TrialView:
    """The screen; `rows` in the order in which they were planned while they are at work, best first afterwards."""

    title: str
    told: str
    rows: tuple[TrialRow, ...]
    untouched: str
    hint: str
    busy: bool


def trial_view(attempt: Attempt, session: Session) -> TrialView:
    """What the screen of an attempt shows."""
    if attempt.finding is not None:
        title = f"remedies for {attempt.about.replace('-', ' ')}, tried"
        rows = tuple(_remedy_row(attempt, place) for place in _order(attempt))
    else:
        title = "knobs turned at once, one by one"
        rows = tuple(_turn_row(attempt, place) for place in range(len(attempt.turns)))
        rows = rows if attempt.busy else _largest_first(attempt, rows)
        rows = (*rows, _lot_row(attempt))
    return TrialView(title, _told(attempt, session), rows, _untouched(attempt), _hint(attempt), attempt.busy)


def _told(attempt: Attempt, session: Session) -> str:
    if attempt.error:
        return attempt.error
    steps, orders = write.plural(attempt.horizon, "step"), write.plural(attempt.seeds, "order")
    what = "each remedy" if attempt.finding is not None else "each change alone, all of them"
    forks = (
        f"From step {write.count(attempt.step)}, {what} and an untouched copy train {steps}, in {orders} of the batches"
    )
    if not attempt.busy:
        headline = f"{attempt.found.headline}\n" if isinstance(attempt.found, Separated) else ""
        return f"{headline}{forks}."
    done = sum(attempt.share(place) for place in (CONTROL, *range(attempt.places - 1))) / attempt.places
    run = "goes on" if session.state == "running" else "rests"
    here = f"The run itself {run} untouched, at step {write.count(session.step)}."
    return f"{forks}: {write.percent(round(done, 2))} done. {here}"


def _hint(attempt: Attempt) -> str:
    remedies = attempt.finding is not None
    take = "enter adopts a remedy" if remedies else "enter keeps that change only"
    if attempt.busy:
        return f"esc cancels · {take}, and ends the others"
    return f"{take} · r {'tries again from now' if remedies else 'separates them again'} · esc closes"


def _order(attempt: Attempt) -> list[int]:
    """Places of the remedies: as planned while they are at work, then best first."""
    places = list(range(len(attempt.remedies)))
    if attempt.busy or not isinstance(attempt.found, Proved):
        return places
    best = [trial.remedy for trial in attempt.found.trials]
    return sorted(places, key=lambda place: best.index(attempt.remedies[place]))


def _remedy_row(attempt: Attempt, place: int) -> TrialRow:
    remedy = attempt.remedies[place]
    trials = attempt.found.trials if isinstance(attempt.found, Proved) else ()
    trial = next((one for one in trials if one.remedy is remedy), None)
    told = adds(remedy.text, remedy.commands)
    if trial is None:
        return TrialRow(place, "…", "at work", "busy", _bar(attempt, place), remedy.text, told)
    glyph, tone = PROOFS[trial.proof]
    return TrialRow(
        place, glyph, trial.proof, tone, _facts(attempt, place, trial), remedy.text, told, _adoption(attempt, trial),
        REFUTED,
    )  # fmt: skip


def _facts(attempt: Attempt, place: int, trial: Trial) -> str:
    if trial.note:
        return trial.note
    parts = [proofs.seeds(trial), proofs.effect(trial.measure, trial.effect), f"ends {trial.verdict}"]
    if attempt.busy and trial.seeds < attempt.seeds:
        parts.append(_bar(attempt, place))
    return "  ".join(part for part in parts if part)


def _adoption(attempt: Attempt, trial: Trial) -> Adoption | None:
    if trial.proof == "refuted":
        return None
    turns, settings = changes(trial.remedy)
    if settings:
        return Adoption(attempt.step, {}, settings | turns, proof=proofs.note(trial))
    return Adoption(attempt.step, turns, proof=proofs.note(trial))


def _turn_row(attempt: Attempt, place: int) -> TrialRow:
    turn = attempt.turns[place]
    text = f"{turn.knob} {write.knob(turn.old)} → {write.knob(turn.new)}"
    found = attempt.found if isinstance(attempt.found, Separated) else None
    one = next((one for one in found.changes if one.knob == turn.knob), None) if found is not None else None
    if found is None or one is None:
        return TrialRow(place, "…", "at work", "busy", _bar(attempt, place), text, "")
    adoption = Adoption(attempt.step, {turn.knob: turn.new}, source=turn.source)
    return _effect_row(attempt, place, one, text, adoption)


def _lot_row(attempt: Attempt) -> TrialRow:
    place, found = len(attempt.turns), attempt.found
    text = "all of them together"
    if not isinstance(found, Separated) or found.together is None:
        return TrialRow(place, "…", "at work", "busy", _bar(attempt, place), text, "")
    return _effect_row(attempt, place, found.together, text, None)


def _effect_row(attempt: Attempt, place: int, one: Effect, text: str, adoption: Adoption | None) -> TrialRow:
    assert isinstance(attempt.found, Separated)
    word = proofs.side(one, attempt.found)
    glyph, tone = SIDES[word]
    parts = [proofs.agreeing(one), proofs.effect(attempt.found.measure, one.effect), f"ends {one.verdict}"]
    if attempt.busy and len(one.effects) < attempt.seeds:
        parts.append(_bar(attempt, place))
    facts = "  ".join(part for part in parts if part)
    return TrialRow(place, glyph, word, tone, facts, text, "", adoption, "That is how the run goes on already.")


def _largest_first(attempt: Attempt, rows: tuple[TrialRow, ...]) -> tuple[TrialRow, ...]:
    knobs = [one.knob for one in attempt.found.changes] if isinstance(attempt.found, Separated) else []
    return tuple(sorted(rows, key=lambda row: knobs.index(attempt.turns[row.place].knob) if knobs else row.place))


def _untouched(attempt: Attempt) -> str:
    """How the control does, to hold the others against."""
    match attempt.found:
        case Proved(control=control, trials=trials):
            measure = next((trial.measure for trial in trials if trial.measure), "")
            value, ends = control.values.get(measure), control.verdict
        case Separated(measure=measure, value=number, untouched=ends):
            value = number if measure else None
        case None:
            return "untouched: at work"
    measured = f"{measure} {write.number(value, 3)}, " if value is not None else ""
    return f"untouched: {measured}ends {ends}"


def _bar(attempt: Attempt, place: int) -> str:
    share = min(attempt.share(place), 1.0)
    full = round(share * BAR)
    return f"{'█' * full}{'░' * (BAR - full)} {write.percent(round(share, 2))}"
