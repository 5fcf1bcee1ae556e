"""The knobs panel: which controls there are, in which group, and what the engine last said of each."""

from dataclasses import dataclass

from nnlab.scenario.training import Fault
from nnlab.ui import format as write
from nnlab.ui.answers import Answer
from nnlab.ui.controls.hint import NO_HINT, Hint
from nnlab.ui.session import Session
from nnlab.ui.views.held import in_force
from nnlab.ui.views.knob_hints import hints
from nnlab.wire.values import KnobSpec, KnobValue

_TITLES = {"": "", "fault": "faults", "freeze": "freeze layers"}
"""Titles of the groups by the part of a knob's id before its dot."""


@dataclass(frozen=True, slots=True)
class KnobGroup:
    """Controls that stand together; an empty title is the open group on top."""

    title: str
    specs: tuple[KnobSpec, ...]


@dataclass(frozen=True, slots=True)
class KnobsView:
    """`run_id` and `groups` change only when another run begins; `answers` grow as the engine answers."""

    run_id: str = ""
    groups: tuple[KnobGroup, ...] = ()
    answers: tuple[Answer, ...] = ()
    values: tuple[tuple[str, KnobValue], ...] = ()
    """What each knob holds now, or held at the step that is looked at."""
    hints: tuple[tuple[str, Hint], ...] = ()
    """What the rows say beside the values."""
    aside: str = ""
    """What the mark on the track of the learning rate is."""
    held: str = ""
    """Why none of them can be turned; empty when they can."""
    veiled: frozenset[str] = frozenset()
    """Knobs whose value is not shown."""


def knobs(session: Session, look: int | None = None) -> KnobsView:
    """Controls of the session's run, with what they hold, or held when the step `look` was trained."""
    if session.info is None:
        return KnobsView()
    values = in_force(session.info.knobs, session.history.turns if session.history else (), look).items()
    held = "as recorded" if session.recorded else ""
    if look is not None:
        held = f"as at step {write.count(look)}"
    answers = tuple(session.answers.of_knobs.values())
    told = hints(session.history, look) if session.history and not session.veiled else {}
    edge = told.get("lr", NO_HINT).edge
    aside = "" if edge is None else f"│ lr edge ≈ {write.number(edge, 2)}"
    return KnobsView(
        session.info.run_id,
        groups(session.info.knobs),
        answers,
        tuple(values),
        tuple(told.items()),
        aside,
        held,
        session.veiled,
    )


def groups(specs: tuple[KnobSpec, ...]) -> tuple[KnobGroup, ...]:
    """The knobs in the engine's order: those without a dot in their id first, then faults and one group per prefix."""
    found: dict[str, list[KnobSpec]] = {"": []}
    for spec in specs:
        prefix = "fault" if spec.id in Fault.model_fields else spec.id.rpartition(".")[0]
        found.setdefault(_TITLES.get(prefix, prefix), []).append(spec)
    return tuple(KnobGroup(title, tuple(members)) for title, members in found.items() if members)
