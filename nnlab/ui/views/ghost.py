"""The ghost of a run: how its loss would have gone on had the last turn not been made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from nnlab.telemetry.history import History
from nnlab.trials.effect import DRAWN, KIND, Effect, from_text
from nnlab.trials.effect_words import sentence
from nnlab.trials.twin import Twin
from nnlab.ui import format as write
from nnlab.ui.charts.lines import Floats, Ints, Line
from nnlab.ui.session import Session
from nnlab.wire.events import Marked


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """Series by name: their steps and values since the turn."""

    courses: Mapping[str, tuple[Ints, Floats]]


@lru_cache(maxsize=64)
def told(mark: Marked) -> Effect | None:
    """The effect that a mark of the journal holds; None for any other mark."""
    return from_text(mark.text) if mark.kind == KIND else None


def effect_of(mark: Marked) -> str:
    """What a mark of the journal says that a turn caused."""
    found = told(mark)
    return sentence(found) if found else "what a turn caused, told by another version of nnlab"


def last_effect(history: History | None) -> Effect | None:
    """What the last turn caused; None as long as that is not known, and for a turn that had no twin."""
    found = next((one for mark in reversed(history.marks) if (one := told(mark))), None) if history else None
    turns = history.turns if history else ()
    return found if found and not any(turn.step >= found.end for turn in turns) else None


def twin_of(session: Session) -> str:
    """What the twin of the last turn does, or what it has told."""
    twins, found = session.twins, last_effect(session.history)
    if twins.present is not None:
        so_far = twins.so_far
        if so_far is None or so_far.early:
            return f"runs along untouched from step {write.count(twins.present.begin)}"
        return f"so far, {sentence(so_far)}"
    return sentence(found) if found else twins.trouble


def ghost(history: History, twin: Twin | None) -> Ghost | None:
    """That of the twin at work, or else that of the last turn whose effect is known."""
    if twin is not None:
        return Ghost({name: _since(twin, name) for name in DRAWN if twin.history.get(name) is not None})
    found = last_effect(history)
    if found is None:
        return None
    return Ghost({name: (np.array(steps), np.array(values)) for name, (steps, values) in found.courses.items()})


def haunting(shown: Ghost | None, name: str, line: Line) -> list[Line]:
    """One series of a ghost as a faint line that belongs to `line`; none where it has not got anywhere."""
    course = shown.courses.get(name) if shown else None
    if course is None or len(course[0]) < 2:
        return []
    steps, values = course
    known = np.where(np.isfinite(values), values, np.nan)
    return [
        replace(
            line, label=f"{line.label} untouched", steps=steps, low=known, high=known, mean=known, role="ghost",
            nonfinite=None, value=None, brief=f"{line.brief or line.label} untouched", faint=True,
        )
    ]  # fmt: skip


def _since(twin: Twin, name: str) -> tuple[Ints, Floats]:
    series = twin.history.get(name)
    assert series is not None
    steps, _, _, mean = series.between(twin.begin, max(twin.history.step, twin.begin + 1))
    return steps, mean
