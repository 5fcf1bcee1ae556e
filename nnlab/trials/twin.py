"""A ghost twin: what a run would have come to had a knob been left alone, trained beside it at low priority."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from copy import deepcopy
from pathlib import Path
from typing import Protocol, Self

from nnlab.client.feed import Feed
from nnlab.client.launch import Aside
from nnlab.client.live import LiveFeed
from nnlab.diagnosis.finding import Diagnosis
from nnlab.scenario.load import Loaded
from nnlab.telemetry.history import History
from nnlab.trials.effect import Account
from nnlab.trials.engine import raise_if_lost
from nnlab.trials.ground import again
from nnlab.wire import commands, events

NICE = 19
"""How far a twin stands back for its run: nobody waits for it."""

Start = Callable[[Path, Sequence[events.KnobTurned], int], Feed]
"""Starts an engine that trains so many steps from the state in a file, with these turns on its way."""


class Judge(Protocol):
    """A doctor who can go separate ways."""

    def look(self, history: History) -> Diagnosis:
        """The diagnosis at the history's present step."""
        ...

    def apart(self) -> Self:
        """Another one that knows the same."""
        ...


def control(loaded: Loaded, seed: int, device: str) -> Start:
    """How twins of a run of this scenario are started; what its script turns, they do not."""

    def start(state: Path, turns: Sequence[events.KnobTurned], steps: int) -> Feed:
        aside = Aside(str(state), nice=NICE)
        feed = LiveFeed.start(again(loaded, turns), seed=seed, device=device, paused=True, aside=aside, name="twin")
        feed.send(commands.Run(steps))
        return feed

    return start


class Twin:
    """Grown by `advance`. `history` is the run's up to step `begin`, without the turn, and the twin's own from there
    on; `diagnoses` are its own. `rests` once it has trained as far as it was told to.
    """

    def __init__(self, begin: int, history: History, doctor: Judge) -> None:
        """At step `begin`, where the run stands, before what was turned there; neither argument is changed."""
        self.begin = begin
        self.history = deepcopy(history)
        self.diagnoses: list[Diagnosis] = []
        self.rests = False
        self.engine: Future[Feed] | None = None
        """Its engine, which may still be starting; None until it was asked for."""
        self._doctor = doctor.apart()
        self._known = frozenset(history.marks)
        self._trains = False
        self._inbox: deque[events.Event] = deque()
        self._boundaries: Iterator[int] = iter(())

    @property
    def account(self) -> Account:
        """What was told of it."""
        return Account(self.history, self.diagnoses)

    def advance(self, budget: float) -> None:
        """Take in what has been told, for about so many seconds. Raises UserError, TrialError."""
        if self.engine is None or not self.engine.done():
            return
        deadline = time.monotonic() + budget
        self._inbox.extend(self.engine.result().poll(0.0))
        while time.monotonic() < deadline:
            if next(self._boundaries, None) is not None:
                self.diagnoses.append(self._doctor.look(self.history))
            elif self._inbox:
                self._take(self._inbox.popleft())
            else:
                return

    def _take(self, event: events.Event) -> None:
        """One event; the history yields the boundaries that it completes."""
        raise_if_lost(event)
        match event:
            case events.RunStarted():
                return
            case events.KnobTurned() | events.Marked() if event.step < self.begin or event in self._known:
                return  # done again on the way from a snapshot before the turn
            case events.Rewound(step):
                self.diagnoses = [one for one in self.diagnoses if one.step <= step]
            case events.StateChanged():
                self.rests = self._trains and event.state in ("paused", "finished", "stopped")
                self._trains = self._trains or event.state == "running"
                if event.step <= self.begin:
                    return
        self._boundaries = self.history.feed(event)
