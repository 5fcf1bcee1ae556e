"""The run behind a mystery: a session whose diagnosis keeps its reasons to itself, and that the game hears of."""

import threading
from collections.abc import Callable

from nnlab.client.feed import Feed
from nnlab.diagnosis.attending import attending
from nnlab.diagnosis.finding import HEALTHY, UNDECIDED, Diagnosis, Finding
from nnlab.errors import UserError
from nnlab.mystery.game import Game
from nnlab.mystery.target import MEASURE, target
from nnlab.telemetry.history import History
from nnlab.trials.engine import CalledOffError, TrialError
from nnlab.trials.twin import Judge
from nnlab.ui.session import News, Session
from nnlab.ui.story import Story
from nnlab.wire import commands, events
from nnlab.wire.values import KnobValue, RunInfo

SOMETHING = "something-wrong"
"""The mode of a finding whose name is hidden."""
TELLING = ("drift", "phase")
"""Marks that would give the answer away."""

Twin = Callable[[Game, Callable[[], bool]], float]


def trained_twin(game: Game, called_off: Callable[[], bool]) -> float:
    """The loss of the healthy twin, trained now."""
    return target(game.mystery, called_off=called_off)


class MysterySession(Session):
    """`seen` is what the doctor really says; `diagnosis` is that only once the game is over."""

    def __init__(
        self,
        feed: Feed,
        game: Game,
        story: Story,
        pace: float = 0.0,
        twin: Twin = trained_twin,
        doctor: Callable[[RunInfo], Judge] = attending,
    ) -> None:
        super().__init__(feed, story, pace, doctor=lambda info: _Discreet(doctor(info), self))
        self.game = game
        self.seen: Diagnosis | None = None
        self.trouble = ""
        """Why the twin could not be trained; empty where it could."""
        self._twin = twin
        self._leaving = threading.Event()
        self._training: threading.Thread | None = None

    def restart(self) -> None:
        """Begin again from step 0 with the knobs as they stand."""
        self._feed.send(commands.Restart(keep_knobs=True))

    def turned(self) -> dict[str, KnobValue]:
        """What the knobs hold that the player turned: they stay so when the run begins again."""
        history = self.history
        held = {} if history is None else {knob: history.knob(knob) for knob in self.game.touched}
        return {knob: value for knob, value in held.items() if value is not None}

    def lift(self) -> None:
        """Show what was hidden."""
        self.veiled = frozenset()
        self.diagnosis = self.seen

    def hear(self, seen: Diagnosis) -> None:
        """The doctor's own words, which the run file gets as any other's does."""
        self.seen = seen
        for finding in seen.ever:
            super()._remark(finding, seen.step)

    def stop(self) -> None:
        """End the run, with the doctor's own verdict in its file."""
        self.diagnosis = self.seen
        super().stop()

    def close(self) -> None:
        """Let go of the feed, and of the twin."""
        self._leaving.set()
        super().close()
        if self._training is not None:
            self._training.join()

    def _remark(self, finding: Finding, step: int) -> None:
        if finding.mode != SOMETHING:
            super()._remark(finding, step)

    def _take(self, event: events.Event) -> News:
        match event:
            case events.Marked(kind=kind) if kind in TELLING and not self.game.over:
                return News.NONE
            case events.Frame(step=step):
                self.game.trained(max(0, step - self.step))
            case events.KnobTurned(source="user", knob=knob, id=number) if number:
                self.game.turned(knob)
        news = super()._take(event)
        if self.info is not None:
            known = self.game.touched if not self.game.over else {knob.id for knob in self.info.knobs}
            self.veiled = frozenset(knob.id for knob in self.info.knobs if knob.scale != "action") - known
        if isinstance(event, events.RunStarted):
            self._train_twin()
        return news

    def _train_twin(self) -> None:
        if self.game.target is None and self._training is None:
            self._training = threading.Thread(target=self._measure, name="twin", daemon=True)
            self._training.start()

    def _measure(self) -> None:
        try:
            self.game.target = self._twin(self.game, self._leaving.is_set)
        except CalledOffError:
            return
        except (TrialError, UserError) as error:
            self.trouble = str(error).splitlines()[0]


class _Discreet:
    """A doctor that tells the session what it sees, and the player only how bad it is."""

    def __init__(self, doctor: Judge, session: MysterySession) -> None:
        self._doctor = doctor
        self._session = session

    def look(self, history: History) -> Diagnosis:
        """What the player is told at this boundary."""
        seen, game = self._doctor.look(history), self._session.game
        series = history.get(MEASURE)
        game.look(seen, series.values[-8:].tolist() if series is not None else [])
        self._session.hear(seen)
        return seen if game.over else veiled(seen)

    def apart(self) -> "_Discreet":
        """Another one that knows the same."""
        return _Discreet(self._doctor.apart(), self._session)


def veiled(seen: Diagnosis) -> Diagnosis:
    """A diagnosis without names, reasons and remedies."""
    if seen.verdict in HEALTHY:
        standing = tuple(found for found in seen.standing if found.mode == seen.verdict)
        return Diagnosis(seen.step, seen.verdict, None, standing, standing)
    head = seen.headline
    if head is None:
        return Diagnosis(seen.step, UNDECIDED)
    told = Finding(
        SOMETHING,
        head.severity,
        head.confidence,
        head.since_step,
        head.detected_step,
        None,
        "The doctor sees it and leaves it to you to say what it is: A names it. Knobs show what they hold once they "
        "are turned; C begins the run again with another setting.",
    )
    return Diagnosis(seen.step, SOMETHING, told, (told,), (told,))
