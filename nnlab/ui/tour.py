"""The unattended tour: the lab plays scenarios by itself, with captions, until someone presses a key."""

import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.events import Event, Key

from nnlab.lessons.tour import Plan, Seen, Stage, caption, go
from nnlab.ui.app import LabApp
from nnlab.ui.messages import Again, OpenScenario
from nnlab.ui.panels.caption import Caption
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.presenting import USAGE, present, tell
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.start import Options, start
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from nnlab.ui.app import Starter
    from nnlab.ui.session import Session

GUIDE_EVERY = 0.2
"""Seconds between two thoughts of the guide."""

OVERDUE = 45.0
"""Seconds in which a scenario must have begun; after that the tour goes on to the next."""

TAKE_OVER = ("space", "enter")
KEYS = "space takes over this run · any other key leaves the tour"


class TourApp(LabApp):
    """The lab with a guide. `loops` is how often the programme is played; 0: until a key is pressed."""

    def __init__(
        self, plans: tuple[Plan, ...], starter: "Starter", theme: str | None, *, loops: int, low_bandwidth: bool
    ) -> None:
        super().__init__(plans[0].name, starter, theme, low_bandwidth=low_bandwidth)
        self._plans, self._loops = plans, loops
        self._at = 0
        self._stage: Stage | None = None
        self._seen: Session | None = None
        self._opened = time.monotonic()
        self.touring = True

    def on_mount(self) -> None:
        """Begin to guide; the lab's own handler opens the first scenario."""
        self.set_interval(GUIDE_EVERY, self._guide)

    async def on_event(self, event: Event) -> None:
        """While it is touring every key either takes over or leaves."""
        if not self.touring or not isinstance(event, Key):
            await super().on_event(event)
        elif event.key in TAKE_OVER:
            self._take_over()
        else:
            self.exit()

    @property
    def _plan(self) -> Plan:
        return self._plans[self._at % len(self._plans)]

    def _guide(self) -> None:
        """Think of what comes next, and do it."""
        if not self.touring:
            return
        now, session = time.monotonic(), self.session
        screen = self.screen
        begun = session is not None and session.info is not None and session.step > 0
        if isinstance(screen, LabScreen) and screen.query(KeyBar):
            self._say(screen)
        if not isinstance(screen, LabScreen) or not screen.query(KeyBar) or session is None or not begun:
            if now - self._opened > OVERDUE or (session is not None and session.failure is not None):
                self._next()
            return
        if session is not self._seen:  # the time that an engine needs to start is nobody's
            self._seen = session
            self._stage = replace(self._stage or Stage(), since=now, viewed=now)
        stage = self._stage or Stage(since=now, viewed=now)
        self._stage, acts = go(stage, self._plan, Seen(now, session.state == "finished", session.diagnosis))
        for act in acts:
            match act:
                case "freeze" | "go on" if (session.state == "running") == (act == "freeze"):
                    session.toggle()
                case "cure":
                    self._cure(session)
                case "next view":
                    screen.action_view(1)
                case "leave":
                    self._next()
                    return

    def _cure(self, session: "Session") -> None:
        if self._plan.settings:
            self._opened = time.monotonic()
            self.post_message(Again(dict(self._plan.settings)))
        for knob, value in self._plan.turns:
            session.turn(knob, value, source="remedy")

    def _say(self, screen: LabScreen) -> None:
        if not screen.query(Caption):
            screen.query_one(KeyBar).display = False
            screen.mount(Caption())
        place = f"tour, {self._at % len(self._plans) + 1} of {len(self._plans)}"
        words = caption(self._stage or Stage(), self._plan, self.session.diagnosis if self.session else None)
        screen.query(Caption).first().say(words, f"{place} · {KEYS}")

    def _next(self) -> None:
        self._at, self._stage, self._opened = self._at + 1, None, time.monotonic()
        if self._loops and self._at >= self._loops * len(self._plans):
            self.exit()
        else:
            self.post_message(OpenScenario(self._plan.name))

    def _take_over(self) -> None:
        """The run stays as it is, and the keys are the lab's again."""
        self.touring = False
        for screen in self.screen_stack:
            screen.query(Caption).remove()
            for keys in screen.query(KeyBar):
                keys.display = True
        self.notify("the run is yours; ? shows all keys", title="tour", timeout=4)


def run(plans: tuple[Plan, ...], *, loops: int, theme: str | None, low_bandwidth: bool) -> int:
    """Tour through the scenarios; the exit status. Nothing is recorded."""
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        tell("the tour needs a terminal")
        return USAGE

    def starter(wanted: str, settings: Mapping[str, KnobValue]) -> "Session":
        return start(wanted, settings, Options(record=""))

    return present(TourApp(plans, starter, theme, loops=loops, low_bandwidth=low_bandwidth))
