"""What the lab's keys do with the past of a run: look at it, go back to it, undo, keep, and change branches."""

import asyncio
import time
from collections.abc import Callable
from functools import partial

from textual import on
from textual.screen import Screen

from nnlab.diagnosis.finding import Diagnosis
from nnlab.ui.cadence import Settling
from nnlab.ui.charts.sight import CursorMoved, RewindAsked, WindowMoved
from nnlab.ui.panels.status import StatusLine
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.branches import Branches
from nnlab.ui.screens.reading import Reading
from nnlab.ui.session import Session
from nnlab.ui.tight_paint import paint_now
from nnlab.ui.views import arrivals
from nnlab.ui.views.diagnosis import headline
from nnlab.ui.views.page import mode_page
from nnlab.ui.views.status import status
from nnlab.wire import commands


class TimeTravel(Screen[None]):
    """A screen over the session of a run with a `Body`."""

    session: Session
    settling: Settling
    _behind: tuple[Callable[[], object], ...] = ()
    """What has yet to follow the cursor, part by part."""

    @property
    def looking(self) -> int | None:
        """The step that is looked at; None while one watches the newest."""
        return self.query_one(Body).cursor if self.is_mounted else None

    @property
    def told(self) -> Diagnosis | None:
        """The diagnosis of the step that is looked at."""
        return self.session.diagnosis if self.looking is None else self.session.past.at(self.looking)

    @on(CursorMoved)
    @on(WindowMoved)
    def _look_elsewhere(self, _: CursorMoved | WindowMoved) -> None:
        """The body has noted which steps are meant: the plots show them at once, the other panels a little later."""
        body, line = self.query_one(Body), self.query_one(StatusLine)
        body.paint_charts(self.session)
        line.view = status(self.session, body.cursor)
        paint_now(self, (*body.charts, line))
        self.settling.moved(time.monotonic())

    @property
    def follows(self) -> bool:
        """Whether some panels have yet to follow the cursor."""
        return self.settling.waits or bool(self._behind)

    def follow_cursor(self) -> None:
        """Let everything else follow the cursor once it stands still; a part each time, so that a key need not wait."""
        if self.settling.due(time.monotonic()):
            body = self.query_one(Body)
            told = (body.paint_answers, body.paint_tables)
            self._behind = (*(partial(paint, self.session) for paint in told), self.refresh_bindings)
        if self._behind:
            first, *others = self._behind
            self._behind = tuple(others)
            first()

    @on(RewindAsked)
    def _rewind(self, event: RewindAsked) -> None:
        self._travel(commands.Rewind(event.step))

    def tell_arrivals(self) -> None:
        """Say what came of the journeys that were asked for."""
        while self.session.journeys.arrivals and self.session.history is not None:
            told = arrivals.arrival(self.session.journeys.arrivals.popleft(), self.session)
            self.app.clear_notifications()
            self.notify(told.text, title=told.title, severity=told.severity, markup=False)

    def action_look_now(self) -> None:
        """Watch the newest step again."""
        self.query_one(Body).post_message(CursorMoved(None))

    async def action_explain(self) -> None:
        """Tell about the finding that stands, or stood at the step that is looked at."""
        found = headline(self.told)
        if found is not None:
            self.app.push_screen(Reading(await asyncio.to_thread(mode_page, found.mode)))

    def action_undo(self) -> None:
        """Take the last knob turn back."""
        self._travel(commands.Undo())

    def action_redo(self) -> None:
        """Take the last undo back."""
        self._travel(commands.Redo())

    def action_snapshot(self) -> None:
        """Keep the state."""
        self.session.travel(commands.Snapshot())

    def action_branches(self) -> None:
        """Show the tree."""
        self.app.push_screen(Branches(self.session, self.query_one(Body)), self._after_branches)

    def _after_branches(self, branch: int | None) -> None:
        if branch is not None:
            self._travel(commands.Switch(branch))

    def _travel(self, journey: commands.Rewind | commands.Switch | commands.Undo | commands.Redo) -> None:
        """Go elsewhere, and look at where that is."""
        self.action_look_now()
        self.session.travel(journey)
