"""The knobs panel: which controls there are, in which group, and what the engine last said of each."""

from dataclasses import dataclass

from nnlab.scenario.training import Fault
from nnlab.ui.session import Answer, Session
from nnlab.wire.values import KnobSpec

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


def knobs(session: Session) -> KnobsView:
    """Controls and answers of the session's run."""
    if session.info is None:
        return KnobsView()
    return KnobsView(session.info.run_id, groups(session.info.knobs), tuple(session.answers.values()))


def groups(specs: tuple[KnobSpec, ...]) -> tuple[KnobGroup, ...]:
    """The knobs in the engine's order: those without a dot in their id first, then faults and one group per prefix."""
    found: dict[str, list[KnobSpec]] = {"": []}
    for spec in specs:
        prefix = "fault" if spec.id in Fault.model_fields else spec.id.rpartition(".")[0]
        found.setdefault(_TITLES.get(prefix, prefix), []).append(spec)
    return tuple(KnobGroup(title, tuple(members)) for title, members in found.items() if members)
