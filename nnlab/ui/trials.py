"""Trials beside a run: remedies of its finding, or knobs that were turned at once, each in forks from one state.

The forks are processes of their own at low priority; the run goes on as it was, or rests as it did. What they proved is
written into the journal of the run and counted in the user's store.
"""

import asyncio
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from nnlab.diagnosis.attending import Attending
from nnlab.diagnosis.finding import Finding, Remedy
from nnlab.errors import UserError
from nnlab.scenario.load import Loaded, load_text
from nnlab.telemetry.history import History
from nnlab.trials import ledger
from nnlab.trials.engine import CalledOffError, TrialError
from nnlab.trials.forks import Watching
from nnlab.trials.ground import Ground, ground
from nnlab.trials.prove import TRIES, Proved, horizon, proving
from nnlab.trials.separate import Separated, separating
from nnlab.ui.proofs import notes
from nnlab.ui.saving import saved
from nnlab.ui.session import Session
from nnlab.wire.events import KnobTurned, Saved
from nnlab.wire.values import RunInfo

SEEDS = 4
"""Orders of the batches for each fork: what is confirmed in all of them seldom was luck."""


@dataclass
class Attempt:
    """Forks of a run from `step`, at work (`busy`) or done.

    Of `finding` the `remedies` are tried; without one it is the `turns` that are separated. `found` says what can be
    said so far. `shares` says of each place and seed how much is trained, from 0 to 1.
    """

    run: RunInfo
    step: int
    finding: Finding | None = None
    remedies: tuple[Remedy, ...] = ()
    turns: tuple[KnobTurned, ...] = ()
    seeds: int = 1
    found: Proved | Separated | None = None
    busy: bool = True
    error: str = ""
    shares: dict[tuple[int, int], float] = field(default_factory=dict)
    called_off: threading.Event = field(default_factory=threading.Event)

    @property
    def about(self) -> str:
        """What it is about: the finding's mode, or "" for separated turns."""
        return self.finding.mode if self.finding is not None else ""

    @property
    def places(self) -> int:
        """Forks for each order of the batches: the changes, for turns the lot of them, and the untouched control."""
        return len(self.remedies) + 1 if self.finding is not None else len(self.turns) + 2

    @property
    def horizon(self) -> int:
        """Steps that each fork trains."""
        return horizon(self.run, self.step)

    def share(self, place: int) -> float:
        """How much of all forks of a change is trained, from 0 to 1."""
        return sum(self.shares.get((place, seed), 0.0) for seed in range(self.seeds)) / self.seeds


class Trials:
    """One attempt at a time, and the last one of each kind."""

    def __init__(self, session: Session) -> None:
        """Nothing is tried yet."""
        self._session = session
        self._task: asyncio.Task[None] | None = None
        self._attempts: dict[str, Attempt] = {}

    @property
    def busy(self) -> Attempt | None:
        """The attempt at work."""
        return next((attempt for attempt in self._attempts.values() if attempt.busy), None)

    def last(self, about: str) -> Attempt | None:
        """The last attempt of the present run about a finding's mode, or (with "") to separate turns."""
        attempt = self._attempts.get(about)
        return attempt if attempt is not None and attempt.run is self._session.info else None

    def remedies(self, finding: Finding) -> Attempt:
        """Begin to try the first remedies of a finding, those first that helped before."""
        assert self._session.info is not None
        tried = ledger.ordered(ledger.place(), finding)[:TRIES]
        return self._begin(Attempt(self._session.info, self._session.step, finding, tried, seeds=SEEDS))

    def separate(self, turns: Sequence[KnobTurned]) -> Attempt:
        """Begin to separate turns."""
        assert self._session.info is not None
        return self._begin(Attempt(self._session.info, turns[0].step, turns=tuple(turns), seeds=SEEDS))

    def cancel(self) -> None:
        """End the attempt at work, if there is one; its engines end within a moment."""
        if self.busy is not None:
            self.busy.called_off.set()

    def _begin(self, attempt: Attempt) -> Attempt:
        if self.busy is not None:
            return self.busy
        self._attempts[attempt.about] = attempt
        self._task = asyncio.create_task(self._perform(attempt))
        return attempt

    async def _perform(self, attempt: Attempt) -> None:
        watching = Watching(
            attempt.called_off.is_set, share=lambda place, seed, share: attempt.shares.update({(place, seed): share})
        )
        try:
            with tempfile.TemporaryDirectory(prefix="nnlab-") as private:
                if attempt.finding is not None:
                    begun = await self._ground(attempt, Path(private) / "state")
                    found: Iterator[Proved | Separated] = proving(
                        begun, attempt.finding, attempt.remedies, attempt.seeds, watching
                    )
                else:
                    file = Path(attempt.run.run_file)
                    found = separating(file, attempt.turns, Path(private), attempt.seeds, watching)
                await asyncio.to_thread(_follow, attempt, found)
        except CalledOffError:
            attempt.error = "Cancelled."
        except (UserError, TrialError) as error:
            attempt.error = str(error)
        else:
            await self._keep(attempt)
        finally:
            attempt.busy = False

    async def _ground(self, attempt: Attempt, state: Path) -> Ground:
        """The state that the run has come to, and all that is known of it. Raises UserError."""
        loaded = await asyncio.to_thread(_scenario, attempt.run)
        begun = await saved(self._session, state, partial(self._stand, loaded, state))
        attempt.step = begun.step
        return begun

    def _stand(self, loaded: Loaded, state: Path, _: Saved) -> Ground:
        session = self._session
        assert isinstance(session.history, History) and isinstance(session.doctor, Attending)
        return ground(loaded, session.history.info.seed, state, session.history, session.doctor, session.diagnosis)

    async def _keep(self, attempt: Attempt) -> None:
        """Write down what was proved: for the run in its journal, for later runs in the store."""
        if isinstance(attempt.found, Proved):
            await asyncio.to_thread(ledger.note, ledger.place(), attempt.about, attempt.found.trials)
        if attempt.run is self._session.info:
            for text in notes(attempt.found):
                self._session.note("trial", text, attempt.step)


def _follow(attempt: Attempt, found: Iterator[Proved | Separated]) -> None:
    """In a thread: let the forks grow, and keep what can be said of them."""
    for one in found:
        attempt.found = one


def _scenario(info: RunInfo) -> Loaded:
    """What the run was trained on. Raises ScenarioErrors."""
    return load_text(info.scenario_toml, info.scenario, Path(info.base_dir or "."))
