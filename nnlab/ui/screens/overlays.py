"""Recorded runs of the same scenario over the lab: draw one behind the run that goes on, or no longer."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Label

from nnlab.client.upkeep import in_use
from nnlab.errors import UserError
from nnlab.runs.folder import runs_folder
from nnlab.ui.panels.chart import ChartPanel
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.run_shelf import RunShelf
from nnlab.ui.screens.body import Body
from nnlab.ui.screens.frame import Frame
from nnlab.ui.session import Session
from nnlab.ui.views import runs
from nnlab.ui.views.overlay import overlay
from nnlab.wire.values import RunInfo

MOST = 3
"""Runs drawn behind the one that goes on: as many as there are textures for them. The one drawn longest makes way."""


class ChooseRun(ModalScreen[Path | None]):
    """Dismissed with the run to draw, or to leave out where it is drawn."""

    AUTO_FOCUS = "RunTable"
    DEFAULT_CSS = """
    ChooseRun Frame { width: 94%; max-width: 110; height: 20; max-height: 90%; }
    ChooseRun .hint { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "take", "draw", tooltip="Draw the run behind this one, or no longer."),
        Binding("escape,o,q", "dismiss(None)", "close", tooltip="Back to the lab."),
    ]

    def __init__(self, info: RunInfo, drawn: frozenset[Path]) -> None:
        super().__init__()
        self._info, self._drawn = info, drawn
        self._shelf = RunShelf(runs_folder(), in_use)

    def compose(self) -> ComposeResult:
        """The table over the keys."""
        with Frame():
            yield Label(f"recorded runs of {self._info.scenario}", classes="headline", markup=False)
            yield RunTable("looking …")
            yield Label("enter draws it behind this run, or no longer · esc closes", classes="hint")

    def on_mount(self) -> None:
        """Follow the folder."""
        self.run_worker(self._shelf.keep_up(self._show))

    def _show(self) -> None:
        present = Path(self._info.run_file)
        ours = {one.path for one in self._shelf.read.values() if one.scenario == self._info.scenario} - {present}
        fitting = [file for file in self._shelf.files if file.path in ours]
        now = datetime.now().astimezone()
        found = runs.rows(self._shelf, fitting, self._drawn, "", now)
        done = len(self._shelf.read) >= len(self._shelf.files)
        self.query_one(RunTable).show(found, "No other run of this scenario is recorded." if done else "looking …")

    @on(RunTable.Opened)
    def action_take(self) -> None:
        """Draw the highlighted run, or no longer."""
        row = self.query_one(RunTable).row
        if row is not None:
            self.dismiss(row.path)


class Overlaying(Screen[None]):
    """A screen over the session of a run, with a `Body` that draws recorded runs behind it."""

    session: Session

    def action_overlay(self) -> None:
        """Choose a recorded run of the same scenario."""
        if self.session.info is not None:
            drawn = frozenset(one.path for one in self.query_one(Body).overlays)
            self.app.push_screen(ChooseRun(self.session.info, drawn), self._after_choice)

    async def _after_choice(self, path: Path | None) -> None:
        body = self.query_one(Body)
        if path is None:
            return
        others = tuple(one for one in body.overlays if one.path != path)
        if len(others) == len(body.overlays):
            try:
                plots, others = [chart.plot for chart in body.query(ChartPanel)], others[-(MOST - 1) :]
                taken = [one.name for one in others]
                others = (*others, await asyncio.to_thread(overlay, path, plots, taken))
            except UserError as error:
                self.notify(str(error), severity="warning", markup=False)
        body.overlays = others
        body.paint_charts(self.session)
