"""What a view of the run is: a picture made of the history and of looks inside the run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.ui import format as write
from nnlab.ui.charts.cockpit import BELOW, BESIDE
from nnlab.ui.charts.notice import Notice
from nnlab.ui.charts.picture import Drawing
from nnlab.ui.surroundings import Surroundings
from nnlab.wire.events import Inspected, InspectionRefused

ROOM = (BESIDE, BELOW)
"""Columns and rows from which on a view shows all it has."""

WAITS = "Step {} is being done again in a copy of the run, to look inside it …"


@dataclass(frozen=True, slots=True)
class Known:
    """All a view can be made of: history, diagnosis, the last answer to each kind of inspection, what is around.

    `look` is the step that is looked at, None for the newest; diagnosis and answers are of that step, and `missing`
    says why it cannot be looked into.
    """

    history: History
    diagnosis: Diagnosis | None
    answers: Mapping[str, Inspected | InspectionRefused]
    around: Surroundings = field(default_factory=Surroundings)
    look: int | None = None
    missing: str = ""

    def found(self, kind: str) -> Inspected | None:
        """What the engine found when it last looked; None if it has not, or there was nothing to see."""
        answer = self.answers.get(kind)
        return answer if isinstance(answer, Inspected) else None

    def refusal(self, kind: str) -> str:
        """Why there is nothing to see of this kind; empty if there is, or if nobody knows yet."""
        answer = self.answers.get(kind)
        return answer.reason if isinstance(answer, InspectionRefused) else self.missing

    @property
    def waits(self) -> str:
        """What is said while nothing is known yet."""
        return "looking inside the run …" if self.look is None else WAITS.format(write.count(self.look))


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


def of_inspection(title: str, kind: str, about: str, draw: Callable[[Inspected], Drawing]) -> Sight:
    """A view that shows one inspection and nothing else, and says so where the engine has no such thing."""

    def drawn(known: Known) -> Drawing:
        found = known.found(kind)
        if found is not None:
            return draw(found)
        refused = known.refusal(kind)
        return Notice(title, f"Nothing to see: {refused}." if refused else known.waits)

    return Sight(title, about, drawn, (kind,))
