"""Looks inside a recorded run at an earlier step.

A copy of the run, in an engine of its own at low priority, goes to the step as a rewind does (nearest snapshot, then
the very steps again) and is looked into there; the run itself goes on and its file stays as it is. The copy knows what
was in the file when it began: where the run has gone further, or elsewhere, a new copy is made.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nnlab.client.feed import Feed
from nnlab.errors import UserError
from nnlab.ui.explaining import UNRECORDED
from nnlab.wire import commands
from nnlab.wire.events import EngineLost, Inspected, InspectionRefused, Refused, RunFailed
from nnlab.wire.values import RunInfo

RESTED = 0.15
"""Seconds for which a cursor has stood before its step is looked into: who drags it by wants to see where it stops."""

OVERDUE = 0.6
"""Seconds after which one is told that a look takes longer."""

WRITTEN = 1.5
"""Seconds after which a run file holds what the run has done by now."""

NICE = 5
"""How far a copy stands back for the run; someone waits for it."""

UNUSED = 60.0
"""Seconds after which a copy that nobody asks is given up; it takes some hundred megabytes."""

REMEMBERED = 128
"""Answers that are kept, so that going back and forth between steps shows them at once."""

Answer = Inspected | InspectionRefused


class Copy(Feed, Protocol):
    """An engine that reads a run again."""

    def abandon(self) -> None:
        """End it at once."""
        ...


@dataclass(frozen=True, slots=True)
class Spot:
    """A step of the line of a branch; -1: the current one of the file."""

    branch: int
    step: int


def copy_of(info: RunInfo) -> Copy:
    """A copy of a recorded run, which rests before its first step. Raises UserError."""
    from nnlab.client.launch import Aside  # noqa: PLC0415 - rarely needed
    from nnlab.client.live import LiveFeed  # noqa: PLC0415 - as above
    from nnlab.scenario.load import load_recorded  # noqa: PLC0415 - as above

    loaded = load_recorded(info.scenario_toml, info.scenario, Path(info.base_dir or "."), info.seed)
    return LiveFeed.start(
        loaded, seed=info.seed, device=info.device, record=info.run_file, paused=True, resume=True,
        aside=Aside(nice=NICE, rereads=True), name="look",
    )  # fmt: skip


class Lookback:
    """What is seen inside a run at the step that is looked at."""

    def __init__(self, make: Callable[[RunInfo], Copy] = copy_of) -> None:
        """Nothing is started before something is asked for."""
        self._make = make
        self._copy: Copy | None = None
        self._info: RunInfo | None = None
        self._known: dict[tuple[Spot, str], Answer] = {}
        self._serial = itertools.count(1)
        self._awaited: dict[int, str] = {}
        self._asked = self._spot = Spot(-1, -1)
        self._since = self._wanted = self._not_before = 0.0
        self._doubted: Spot | None = None
        """Where a copy has refused to go; the next one may know more."""
        self.missing = ""
        """Why there is nothing to see; "" where there is, or where nobody knows yet."""

    def answers(self, spot: Spot) -> Mapping[str, Answer]:
        """What has been seen there, by kind."""
        return {kind: answer for (at, kind), answer in self._known.items() if at == spot}

    def look(self, info: RunInfo, spot: Spot, kinds: Iterable[str], now: float) -> None:
        """Have these kinds of inspection made there, as soon as the cursor rests; never waits."""
        if info is not self._info:
            self.close()
            self._known.clear()
            self._info = info
        if spot != self._spot:
            self._spot, self._since, self.missing = spot, now, ""
        self._wanted = now
        lacking = [kind for kind in kinds if (spot, kind) not in self._known]
        if not lacking or self._awaited or self.missing or now < max(self._since + RESTED, self._not_before):
            return
        if not info.run_file:
            self.missing = UNRECORDED
            return
        try:
            self._copy = self._copy or self._make(info)
        except UserError as error:
            self.missing = str(error)
            return
        self._ask(self._copy, spot, lacking)

    def overdue(self, now: float) -> Spot | None:
        """The step that is looked at, where it has been for a while."""
        return self._spot if now - self._since > OVERDUE else None

    def _ask(self, copy: Copy, spot: Spot, kinds: Iterable[str]) -> None:
        self._asked = spot
        copy.send(commands.Rewind(spot.step) if spot.branch < 0 else commands.Switch(spot.branch, spot.step))
        for kind in kinds:
            number = next(self._serial)
            self._awaited[number] = kind
            copy.send(commands.Inspect(kind, number))

    def advance(self, now: float) -> bool:
        """Take in what has been seen; whether there is anything new."""
        if self._copy is None:
            return False
        if now - self._wanted > UNUSED:
            self.close()
            return False
        news = False
        for event in self._copy.poll(0.0):
            match event:
                case Inspected() | InspectionRefused() if event.id in self._awaited:
                    self._note(self._awaited.pop(event.id), event)
                    news = True
                case Refused():
                    self._begin_anew(event.reason, now)
                    return True
                case RunFailed(error=why) | EngineLost(log=why):
                    self.missing = why.strip() or "the copy of the run was lost"
                    self.close()
                    return True
                case _:
                    pass
        return news

    def _note(self, kind: str, answer: Answer) -> None:
        self._known[self._asked, kind] = answer
        self._doubted = None
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]

    def _begin_anew(self, reason: str, now: float) -> None:
        """Another copy may know the step, unless this was one that should have known it."""
        self.close()
        if self._doubted == self._asked:
            self.missing = reason
        self._doubted, self._not_before = self._asked, now + WRITTEN

    def close(self) -> None:
        """Give the copy up."""
        if self._copy is not None:
            self._copy.abandon()
        self._copy = None
        self._awaited.clear()
