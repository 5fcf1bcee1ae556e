"""What a view of the run is: a picture made of the history and of looks inside the run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.ui.charts.cockpit import BELOW, BESIDE
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.surroundings import Surroundings
from nnlab.wire.events import Inspected, InspectionRefused

ROOM = (BESIDE, BELOW)
"""Columns and rows from which on a view shows all it has."""


@dataclass(frozen=True, slots=True)
class Known:
    """All a view can be made of: history, diagnosis, the last answer to each kind of inspection, what is around."""

    history: History
    diagnosis: Diagnosis | None
    answers: Mapping[str, Inspected | InspectionRefused]
    around: Surroundings = field(default_factory=Surroundings)

    def found(self, kind: str) -> Inspected | None:
        """What the engine found when it last looked; None if it has not, or there was nothing to see."""
        answer = self.answers.get(kind)
        return answer if isinstance(answer, Inspected) else None

    def refusal(self, kind: str) -> str:
        """Why there is nothing to see of this kind; empty if there is, or if nobody knows yet."""
        answer = self.answers.get(kind)
        return answer.reason if isinstance(answer, InspectionRefused) else ""


@dataclass(frozen=True, slots=True)
class Sight:
    """A view: its title, what it tells, the kinds of inspection it needs, and how it is drawn from what is known."""

    title: str
    about: str
    draw: Callable[[Known], Drawing]
    needs: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    """Kinds that are needed besides where the panel has the `ROOM` to show them."""
    every: float = 0.0
    """Seconds between two inspections at least, where it is content with few."""

    def kinds(self, width: int, height: int) -> tuple[str, ...]:
        """The kinds of inspection to ask for in a panel of this size."""
        return (*self.needs, *self.more) if width >= ROOM[0] and height >= ROOM[1] else self.needs


def kept_as(sight: Sight | None) -> str:
    """What a view of the third place is kept as; the plot goes by no title of its own, for it changes with the run."""
    return sight.title if sight else "plot"


def of_inspection(title: str, kind: str, about: str, draw: Callable[[Inspected], Drawing]) -> Sight:
    """A view that shows one inspection and nothing else, and says so where the engine has no such thing."""

    def drawn(known: Known) -> Drawing:
        found = known.found(kind)
        if found is not None:
            return draw(found)
        refused = known.refusal(kind)
        return Notice(title, f"Nothing to see: {refused}." if refused else "looking inside the run …")

    return Sight(title, about, drawn, (kind,))
