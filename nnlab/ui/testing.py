"""The named tests beside a run: each in a process of its own that starts from the run's state and never disturbs it."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nnlab.client.experiment import Experiment, ExperimentError
from nnlab.errors import UserError
from nnlab.ui.saving import saved
from nnlab.ui.session import Session
from nnlab.ui.views.held import in_force
from nnlab.wire.named_tests import NamedTest
from nnlab.wire.telling import Told, told
from nnlab.wire.values import KnobValue, RunInfo


@dataclass
class Outcome:
    """A named test at work (`busy`), or what came of it: `told`, or `error`. `step` is the state that it looked at."""

    test: NamedTest
    step: int
    run: RunInfo
    """The run that it was taken on."""
    progress: list[str] = field(default_factory=list)
    told: Told | None = None
    error: str = ""
    todo: tuple[str, ...] = ()
    weighs: str = ""
    """What it says of the rival findings, whose weights it moves."""

    @property
    def busy(self) -> bool:
        """Whether it is still at work."""
        return self.told is None and not self.error

    @property
    def verdict(self) -> str:
        """What came of it, in a few words; "" while it is at work."""
        if self.told is None:
            return "failed" if self.error else ""
        return self.told.verdict + (f" ({self.told.cause})" if self.told.cause else "")


class Testing:
    """One named test at a time, and the last outcome of each."""

    def __init__(
        self, session: Session, advise: Callable[[str], tuple[str, ...]], when_done: Callable[[Outcome], None]
    ) -> None:
        """`advise` says what to do about a failure mode (it may read files); `when_done` hears of each outcome."""
        self._session = session
        self._advise = advise
        self._when_done = when_done
        self._experiment: Experiment | None = None
        self._task: asyncio.Task[None] | None = None
        self._outcomes: dict[str, Outcome] = {}

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """The last outcome of each test on the present run."""
        return {name: outcome for name, outcome in self._outcomes.items() if outcome.run is self._session.info}

    @property
    def busy(self) -> Outcome | None:
        """The test that is at work."""
        return next((outcome for outcome in self._outcomes.values() if outcome.busy), None)

    def start(self, test: NamedTest) -> Outcome:
        """Begin a test; where another one is at work, that one's outcome comes back instead."""
        if self.busy is not None:
            return self.busy
        assert self._session.info is not None
        outcome = self._outcomes[test.id] = Outcome(test, self._session.step, self._session.info)
        self._task = asyncio.create_task(self._perform(outcome))
        return outcome

    def cancel(self) -> None:
        """End the test at work."""
        if self.busy is not None:
            self.busy.error = "Cancelled."
        if self._experiment is not None:
            self._experiment.cancel()
        elif self._task is not None:
            self._task.cancel()

    async def _perform(self, outcome: Outcome) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="nnlab-") as private:
                more = await self._order(outcome, Path(private) / "state")
                assert self._session.experiment is not None
                self._experiment = experiment = self._session.experiment(outcome.test.id, **more)
                found = told(await asyncio.to_thread(experiment.perform, outcome.progress.append))
            outcome.todo = await asyncio.to_thread(self._advise, found.cause)
        except (UserError, ExperimentError) as error:
            outcome.error = outcome.error or str(error)
        else:
            outcome.told = found
            if outcome.run is self._session.info:
                self._session.note("test", f"{outcome.test.title}: {outcome.verdict}", outcome.step)
        finally:
            self._experiment = None
        self._when_done(outcome)

    async def _order(self, outcome: Outcome, state: Path) -> dict[str, Any]:
        """What the experiment must know of the run. Raises UserError."""
        match outcome.test.begins:
            case "state":
                outcome.step = await saved(self._session, state, lambda answer: answer.step)
                return {"start": str(state)}
            case "start":
                return {"knobs": knobs_turned(self._session)}
            case "again":
                return {"steps": outcome.step, "turns": turns_so_far(self._session)}


def knobs_turned(session: Session) -> dict[str, KnobValue]:
    """The knobs that no longer stand as the scenario sets them."""
    history = session.history
    if history is None:
        return {}
    now = in_force(history.info.knobs, history.turns)
    return {knob.id: now[knob.id] for knob in history.info.knobs if now[knob.id] != knob.value}


def turns_so_far(session: Session) -> list[tuple[int, str, KnobValue]]:
    """Every knob turned on this line of the run."""
    history = session.history
    return [(turn.step, turn.knob, turn.new) for turn in history.turns] if history is not None else []
