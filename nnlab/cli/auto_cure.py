"""`nnlab run --auto-cure`: train until something is wrong, try its remedies in forks, adopt the winner, go on.

The loop of AutoTrainer (Zhang et al., ICSE 2021), with every remedy proved against an untouched control before the run
gets it.
"""

import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from nnlab.cli.headless import Outcome, Watch
from nnlab.cli.progress import Progress
from nnlab.client.feed import Feed
from nnlab.diagnosis.finding import Diagnosis
from nnlab.errors import UserError
from nnlab.scenario.load import Loaded
from nnlab.trials import ledger
from nnlab.trials.cure import begun_again, changes
from nnlab.trials.engine import CalledOffError
from nnlab.trials.forks import Watching
from nnlab.trials.judge import Trial
from nnlab.trials.prove import TRIES, Proved, horizon, prove
from nnlab.wire.commands import Remark, Turn

ROUNDS = 4
"""Findings that are treated in one run at most, one after another."""


@dataclass(frozen=True, slots=True)
class Round:
    """One finding, what its trials proved, and the one that was adopted (None: nothing helped)."""

    proved: Proved
    adopted: Trial | None


@dataclass
class AutoCure:
    """`start` starts an engine, resting at step 0, for a scenario; the first is `loaded`, later ones begin it again.

    `rounds` tells afterwards what was tried.
    """

    loaded: Loaded
    start: Callable[[Loaded], Feed]
    tries: int = TRIES
    seeds: int = 1
    rounds: list[Round] = field(default_factory=list)
    _quiet: int = 0
    """No finding counts before this step: up to there everything has been seen in a fork."""

    def __post_init__(self) -> None:
        self._whole = self.loaded
        """What would be begun again: the scenario with all knobs that were turned for good."""

    def run(self, progress: Progress, interrupted: Callable[[], bool] = lambda: False) -> Outcome:
        """Train to the end. Raises EngineError, TrialError and UserError."""
        feed = self.start(self.loaded)
        try:
            watch = Watch(feed, self._wrong, interrupted, progress, stay=True)
            outcome = watch.run()
            while outcome.stopped == "until":
                winner = self._treat(watch, outcome, progress, interrupted)
                if interrupted():
                    return replace(outcome, stopped="interrupted")
                if winner is not None and winner.anew:
                    self._quiet = winner.end
                    feed.send(_note(winner))
                    feed.close()
                    feed = self.start(self._again(winner))
                    watch = Watch(feed, self._wrong, interrupted, progress, stay=True)
                    outcome = watch.run()
                else:
                    outcome = self._go_on(watch, outcome, winner)
            return outcome
        finally:
            feed.close()

    def _go_on(self, watch: Watch, outcome: Outcome, winner: Trial | None) -> Outcome:
        """The same run with the winner's knobs, at least as far as it was proved; or untouched for as long as that."""
        step, info = outcome.history.step, outcome.info
        if winner is None:
            left, seen = info.planned_steps - step, horizon(info, step)
            self._quiet = step + seen
            if left > 0:
                return watch.go_on(min(seen, left))
            watch.feed.send(Remark("verdict", outcome.verdict, step))
            return replace(outcome, stopped="steps")
        turns, _ = changes(winner.remedy)
        self._quiet = winner.end
        with contextlib.suppress(UserError):  # a knob without a key of its own is turned for this run only
            self._whole = begun_again(self._whole, turns)
        orders = [Turn(knob, value, source="remedy") for knob, value in turns.items()]
        return watch.go_on(winner.end - step, [*orders, _note(winner)])

    def _wrong(self, diagnosis: Diagnosis) -> bool:
        """Whether there is something to treat."""
        treatable = diagnosis.headline is not None and any(item.commands for item in diagnosis.headline.remedies)
        return treatable and len(self.rounds) < ROUNDS and diagnosis.step >= self._quiet

    def _treat(
        self, watch: Watch, outcome: Outcome, progress: Progress, interrupted: Callable[[], bool]
    ) -> Trial | None:
        """Try the remedies of the headline; the winner, or None where there is none to adopt."""
        finding = outcome.diagnosis.headline if outcome.diagnosis else None
        if finding is None:
            return None
        store = ledger.place()
        remedies = ledger.ordered(store, finding)[: self.tries]
        with tempfile.TemporaryDirectory(prefix="nnlab-") as private:
            ground = replace(watch.ground(self.loaded, Path(private) / "state"), whole=self._whole)
            progress.say(f"step {ground.step}: {finding.mode}; trying {len(remedies)} remedies beside a control")
            try:
                proved = prove(
                    ground,
                    finding,
                    remedies,
                    self.seeds,
                    Watching(interrupted, lambda done, of: progress.say(f"{done} of {of} forks done")),
                )
            except CalledOffError:
                return None
        ledger.note(store, finding.mode, proved.trials)
        best = proved.trials[0] if proved.trials else None
        winner = best if best is not None and best.proof != "refuted" else None
        self.rounds.append(Round(proved, winner))
        progress.say(f"adopted: {winner.remedy.text} ({winner.proof})" if winner else "no remedy helped")
        return winner

    def _again(self, winner: Trial) -> Loaded:
        """The scenario begun again under the winner."""
        turns, settings = changes(winner.remedy)
        self.loaded = self._whole = begun_again(self._whole, settings | turns)
        return self.loaded


def _note(winner: Trial) -> Remark:
    """For the journal; after the turns, so that the snapshot before them is the one that the forks began from."""
    return Remark("note", f"remedy {winner.proof} in a fork: {winner.remedy.text}")
