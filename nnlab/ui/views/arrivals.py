"""What came of a journey through the past of a run, in a sentence."""

from dataclasses import dataclass
from typing import Literal

from nnlab.ui import format as write
from nnlab.ui.journeys import Arrival
from nnlab.ui.session import Session
from nnlab.ui.views.branches import name_of
from nnlab.wire import events


@dataclass(frozen=True, slots=True)
class ArrivalView:
    """A notice."""

    title: str
    text: str
    severity: Literal["information", "warning"] = "information"


def arrival(event: Arrival, session: Session) -> ArrivalView:
    """What the engine answered."""
    match event:
        case events.Rewound(step, branch):
            where = f"on {_called(session, branch)}" if session.history and len(session.history.branches) > 1 else ""
            return ArrivalView(f"at step {write.count(step)} {where}".strip(), _goes_on(session))
        case events.Branched():
            return ArrivalView("a new branch", f"{event.name} begins at step {write.count(event.step)}. b lists them.")
        case events.BranchNamed():
            return ArrivalView("named", f"The branch is called {event.name}.")
        case events.Refused():
            return ArrivalView(f"{event.action} refused", f"{event.reason}.", "warning")
        case events.Marked():
            return ArrivalView("snapshot", f"The state at step {write.count(event.step)} is kept.")


def _goes_on(session: Session) -> str:
    if session.recorded:
        return "The recording goes on from here."
    if session.state == "running":
        return "The run goes on from here."
    return "space repeats what came after, the same to the last bit; a turned knob begins a branch."


def _called(session: Session, branch: int) -> str:
    found = session.history.branches if session.history else ()
    return next((name_of(one) for one in found if one.id == branch), "")
