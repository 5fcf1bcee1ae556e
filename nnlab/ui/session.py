"""One run as the lab sees it: events in, history and diagnosis grown from them, commands out.

Nothing here draws, and nothing blocks: `advance` takes what has arrived, works at most a given time, and goes on where
it stopped at the next call. A rule that needs long, or a client that joins late and gets the whole run at once, costs
several ticks instead of a frozen screen.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from enum import IntFlag, auto
from pathlib import Path

from nnlab.client.experiment import Experiment
from nnlab.client.feed import Feed
from nnlab.diagnosis.attending import attending
from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.telemetry.history import History
from nnlab.trials.twin import Judge
from nnlab.trials.twins import Twins
from nnlab.ui.answers import Answers
from nnlab.ui.asking import Asking
from nnlab.ui.inspections import Inspections
from nnlab.ui.journeys import Journey, Journeys
from nnlab.ui.recollection import Recollection
from nnlab.ui.story import UNTOLD, Story
from nnlab.ui.surroundings import Surroundings
from nnlab.wire import commands, events
from nnlab.wire.values import RunInfo

TICK_BUDGET = 0.012
"""Seconds of absorbing and diagnosing in one tick; with the painting that follows a tick stays below 30 ms."""


class News(IntFlag):
    """What a tick brought: nothing, more points, or something a user waits to see (painted at once)."""

    NONE = 0
    DATA = auto()
    ANSWER = auto()


class Session(Asking):
    """The run behind the lab screen; see the module. `doctor` makes the judge of a run (tests pass their own)."""

    def __init__(
        self,
        feed: Feed,
        story: Story = UNTOLD,
        pace: float = 0.0,
        doctor: Callable[[RunInfo], Judge] = attending,
        experiment: Callable[..., Experiment] | None = None,
        guest: bool = False,
        recorded: bool = False,
        twins: Twins | None = None,
        log: Path | None = None,
    ) -> None:
        super().__init__(feed)
        self.recorded = recorded
        """Whether this is a recording, which can be watched and not steered."""
        self.experiment = experiment
        """Makes an experiment beside the run, by the name of a test and what it must know of the run; None: no run."""
        self.guest = guest
        """Whether the engine is another's, and goes on without this session."""
        self.veiled: frozenset[str] = frozenset()
        """Knobs that keep to themselves what they hold."""
        self.twins = twins or Twins()
        """What each turn caused, told by a control that was left alone."""
        self._make_doctor = doctor
        self.doctor: Judge | None = None
        self._inbox: deque[events.Event] = deque()
        self._boundaries: Iterator[int] | None = None
        self._remarked: dict[tuple[str, int], bool] = {}
        self.story = story
        self.title = story.title
        self.info: RunInfo | None = None
        self.history: History | None = None
        self.diagnosis: Diagnosis | None = None
        self.frame: events.Frame | None = None
        self.reason = ""
        self.dropped = 0
        self.pace = pace
        self._own_news = News.NONE
        self.answers = Answers()
        self.past = Recollection()
        self.journeys = Journeys()
        self.inspections = Inspections(self._inspect)
        self.around = Surroundings(log)

    @property
    def step(self) -> int:
        """Steps done."""
        return self.frame.step if self.frame else 0

    @property
    def elapsed(self) -> float:
        """Seconds that the run has been running, as one waits for it: at any pace, without the time it was paused."""
        return self.frame.seconds if self.frame else 0.0

    @property
    def caught_up(self) -> bool:
        """Whether everything that has arrived is taken in."""
        return self._boundaries is None and not self._inbox

    # --- events in -----------------------------------------------------------------------------------------------

    def advance(self, budget: float = TICK_BUDGET) -> News:
        """Absorb what has arrived, for about `budget` seconds at most."""
        deadline = time.monotonic() + budget
        self._inbox.extend(self._feed.poll(0.0))
        news, self._own_news = self._own_news, News.NONE
        while self._boundaries is not None or self._inbox:
            if self._boundaries is None:
                news |= self._take(self._inbox.popleft())
            elif next(self._boundaries, None) is None:
                self._boundaries = None
                self._ask_again()
            else:
                news |= self._look()
            if time.monotonic() > deadline:
                break
        self.twins.advance()
        return news

    def _take(self, event: events.Event) -> News:
        """Note one event and hand it to the history, which yields the boundaries that it completes."""
        news = News.ANSWER
        match event:
            case events.RunStarted():
                self._begin(event.info)
                return news
            case events.Frame():
                news = News.ANSWER if self.step == 0 else News.DATA
                self.frame = event
                self.dropped += event.dropped
            case events.StateChanged():
                self.state, self.reason = event.state, event.reason
            case events.RunFailed() | events.EngineLost():
                self.state, self.failure = "failed", event
            case events.Inspected() | events.InspectionRefused():
                self.around.hear(event)
                return News.DATA if self.inspections.take(event, time.monotonic()) else News.NONE
            case events.Saved() if event.id in self._saving:
                self._saving.pop(event.id)(event)
            case events.Rewound():
                self._look_again(event.step)
            case _:
                pass
        self.answers.hear(event)
        if self.history is not None and self.doctor is not None:
            self.twins.hear(event, self.history, self.doctor)
            self.journeys.hear(event, self.history)
            self._boundaries = iter(self.history.feed(event))
        return news

    def _begin(self, info: RunInfo) -> None:
        """A new run, or the same one told from its start to a client that has just connected."""
        self.info, self.history, self.doctor = info, History(info), self._make_doctor(info)
        self.diagnosis, self.frame, self.failure = None, None, None
        self.title, self.dropped = info.title or info.scenario, 0
        self._remarked.clear()
        self.answers.forget()
        self.past, self.journeys = Recollection(), Journeys()
        self.inspections.forget()
        self.twins.begin(info)

    def _look_again(self, step: int) -> None:
        """The run stands elsewhere on its lines; the boundaries up to there are told again from the first."""
        self.frame = events.Frame(step, (), (), (), self.elapsed)
        self.answers.of_knobs.clear()
        self.past.tell_again()
        self.inspections.look_anew()

    def _look(self) -> News:
        """Let the doctor judge the history, which stands exactly at a boundary.

        A line that is left at once is passed by: a client that comes late is told all of them.
        """
        if self.doctor is None or self.history is None or any(isinstance(it, events.Rewound) for it in self._inbox):
            return News.NONE
        before, self.diagnosis = self.diagnosis, self.doctor.look(self.history)
        self.past.keep(self.diagnosis, self.history.branch)
        self.twins.judged(self.diagnosis)
        for finding in self.diagnosis.ever:
            self._remark(finding, self.diagnosis.step)
        changed = before is None or before.verdict != self.diagnosis.verdict
        return News.ANSWER if changed else News.DATA

    def _ask_again(self) -> None:
        """Have the engine tell everything again where a rewind went back further than the history remembers."""
        if self.history is not None and not self.history.exact and not self._inbox:
            self._feed.send(commands.Hello())

    def _remark(self, finding: Finding, step: int) -> None:
        """Have the run file say when a finding first stood and when it cleared."""
        key, cleared = (finding.mode, finding.detected_step), finding.cleared_step is not None
        if self._remarked.get(key) != cleared:
            self._remarked[key] = cleared
            self._feed.send(commands.Remark("finding", json.dumps(asdict(finding)), step))

    # --- commands out --------------------------------------------------------------------------------------------

    def travel(self, journey: Journey) -> None:
        """Ask the time machine for something; the answer is among the arrivals of `journeys`.

        Going to a step that one wants to look at, or change something at, pauses a run that goes on.
        """
        if isinstance(journey, commands.Rewind) and self.state == "running" and not self.recorded:
            self._feed.send(commands.Pause())
        self.journeys.asked()
        self._feed.send(journey)

    def look_inside(self, kinds: Iterable[str], now: float, every: float) -> None:
        """Have the engine look at these kinds of inspection, if it is time; the answers arrive as events."""
        if self.alive and self.history is not None:
            self.inspections.want(kinds, (self.step, len(self.history.turns)), now, every)

    def _inspect(self, kind: str) -> int:
        request = commands.Inspect(kind, next(self._serial))
        self._feed.send(request)
        return request.id

    def set_pace(self, steps_per_second: float) -> None:
        """Train at most so many steps a second; 0 is full speed."""
        self.pace = steps_per_second
        self._own_news = News.ANSWER
        self._feed.send(commands.Pace(steps_per_second))

    def stop(self) -> None:
        """End the run and its engine, unless it is another's; the run file is completed first, with the verdict."""
        if self.alive and not self.guest:
            if self.diagnosis is not None:
                self._feed.send(commands.Remark("verdict", self.diagnosis.verdict, self.diagnosis.step))
            self._feed.send(commands.Stop())

    def close(self) -> None:
        """Let go of the feed."""
        self.twins.close()
        self._feed.close()
