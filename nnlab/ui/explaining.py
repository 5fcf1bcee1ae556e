"""One step of the session's run explained: what the record knows at once, what doing it again finds a little later."""

import asyncio
from dataclasses import dataclass, field

from nnlab.client.experiment import NICE, Experiment, ExperimentError, explaining
from nnlab.errors import UserError
from nnlab.telemetry.point import peak, recalled
from nnlab.ui.session import Session
from nnlab.wire.point import PointAgain, PointRecalled
from nnlab.wire.telling_point import PointTold, told_point

UNRECORDED = "this run is not recorded, so no step of it can be done again"


@dataclass
class Inquiry:
    """A step in question; `busy` until it has been done again, or cannot be (`missing` says why)."""

    recalled: PointRecalled
    experiment: Experiment | None
    missing: str = ""
    again: PointAgain | None = None
    progress: list[str] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        """Whether it is still at work."""
        return self.again is None and not self.missing

    @property
    def told(self) -> PointTold:
        """All that is known so far."""
        return told_point(self.recalled, self.again, self.missing)

    async def perform(self) -> None:
        """Have the step done again, in a process of its own; the run goes on."""
        if self.experiment is None:
            return
        try:
            found = await asyncio.to_thread(self.experiment.perform, self.progress.append)
        except (UserError, ExperimentError) as error:
            self.missing = str(error)
        else:
            assert isinstance(found, PointAgain)
            self.again = found

    def cancel(self) -> None:
        """End it."""
        if self.experiment is not None:
            self.experiment.cancel()


def inquiry(session: Session, look: int | None, reach: int) -> Inquiry | None:
    """The question about the step looked at, or the newest; None where there is no step yet.

    `reach` are the steps that a column of the plots stands for: meant is the highest loss under the cursor.
    """
    history, info = session.history, session.info
    if history is None or info is None:
        return None
    known = recalled(history, session.step if look is None else peak(history, look, reach))
    if known is None:
        return None
    if not info.run_file:
        return Inquiry(known, None, UNRECORDED)
    branch = -1 if session.recorded else history.branch
    return Inquiry(known, explaining(info.run_file, known.step, branch, recorded=known.loss, nice=NICE))
