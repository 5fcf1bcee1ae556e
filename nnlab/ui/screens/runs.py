"""The recorded runs: look for one, play it, let it go on, name it by tags, compare some, delete."""

import asyncio
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key, Resize
from textual.widgets import Input, Static

from nnlab.runs.listing import size
from nnlab.ui.charts.line_chart import LineChart
from nnlab.ui.messages import OpenScenario, ResumeRun, ToGallery
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.screens.run_actions import RunActions
from nnlab.ui.screens.sections import Sections
from nnlab.ui.views import runs
from nnlab.ui.views.comparison import curves

WIDE = 124
"""Columns from which on the curves of the highlighted run stand beside the table."""

READ_AFTER = 0.15
"""Seconds that a run is highlighted before its curves are read: going through the list reads none."""


class Runs(RunActions):
    """The table with what is known of the highlighted run."""

    AUTO_FOCUS = "RunTable"
    DEFAULT_CSS = """
    Runs #search { margin: 0 1 1 1; background: $lab-panel; }
    Runs #runs { padding: 0 1; }
    Runs #side { width: 44%; padding-left: 1; border-left: solid $lab-border; }
    Runs #told { height: 3; padding: 0 1; color: $lab-muted; }
    Runs.-narrow #side { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "replay", priority=True, tooltip="Play the highlighted run in the lab."),
        Binding("r", "resume", "resume", tooltip="Let a run that was interrupted go on, in its own file."),
        Binding("space", "mark", "mark", tooltip="Mark the run for comparing or deleting, or no longer."),
        Binding("c", "compare", "compare", tooltip="Compare the marked runs, or the marked one with this one."),
        Binding("t", "tag", "tags", tooltip="Give the run tags by which it is found again, or take them away."),
        Binding("D,shift+d,delete", "delete", "delete", tooltip="Delete the marked runs, or this one; asks first."),
        Binding("slash", "search", "search", key_display="/", tooltip="Look for scenario, verdict, #tag or name."),
        Binding("escape", "clear", "all runs", tooltip="Empty the search line and take all marks away."),
        Binding("g", "scenarios", "scenarios", tooltip="Choose a scenario instead."),
    ]

    def compose(self) -> ComposeResult:
        """Sections, search, table; at the side the curves, below what is told in words."""
        yield Sections(runs=True)
        yield Input(placeholder="search: scenario, verdict, #tag", id="search", compact=True, select_on_focus=False)
        with Horizontal():
            with Vertical(id="runs"):
                yield RunTable("looking …")
            with Vertical(id="side"):
                yield LineChart("loss", scale="auto", empty="no curve")
        yield Static(id="told")
        yield KeyBar()

    def on_mount(self) -> None:
        """Follow the folder."""
        self.run_worker(self._shelf.keep_up(self._show))

    def on_resize(self, event: Resize) -> None:
        """The curves only where there is room."""
        self.set_class(event.size.width < WIDE, "-narrow")

    def _show(self) -> None:
        """Fill the table with what there is to find."""
        shelf, search = self._shelf, self.query_one(Input).value
        there = {file.path for file in shelf.files}
        self._marked = tuple(path for path in self._marked if path in there)
        now = datetime.now().astimezone()
        self._table.show(runs.rows(shelf, shelf.files, self._marked, search, now), self._why_empty(search))
        self.query_one(Sections).say(self._count())
        self._tell()

    def _why_empty(self, search: str) -> str:
        if search:
            return "No run has these words."
        if not self._shelf.looked:
            return "looking …"
        return f"No runs in {self._shelf.folder} yet.\nWhat you train in the lab, or with nnlab run, is recorded there."

    def _count(self) -> str:
        files = self._shelf.files
        reading = "" if len(self._shelf.read) >= len(files) else f"reading {len(self._shelf.read)} of "
        marked = f"{len(self._marked)} marked · " if self._marked else ""
        return f"{marked}{reading}{len(files)} runs · {size(sum(file.bytes for file in files))}" if files else ""

    def _tell(self) -> None:
        one = self._one
        head, *rest = runs.detail(one) if one else ("",)
        line = Content.styled(head, "bold $lab-bad" if one and one.problem else "bold $lab-text")
        self.query_one("#told", Static).update(Content("\n").join([line, *map(Content, rest)]))
        self.refresh_bindings()

    # --- the highlighted run -------------------------------------------------------------------------------------

    @on(RunTable.Highlighted)
    def _look(self) -> None:
        self._tell()
        if not self.has_class("-narrow"):
            self.run_worker(self._draw(), group="curves", exclusive=True)

    async def _draw(self) -> None:
        await asyncio.sleep(READ_AFTER)
        one = self._one
        lines = await asyncio.to_thread(curves, one.path) if one and not one.problem else ()
        steps = (one.planned_steps, one.steps) if one else (0, 0)
        self.query_one(LineChart).show(lines, (), *steps)

    @on(RunTable.Opened)
    def action_open(self) -> None:
        """Play it."""
        one = self._one
        if one is None:
            return
        if one.problem:
            self._say(one.problem)
        else:
            self.post_message(OpenScenario(str(one.path)))

    def action_resume(self) -> None:
        """Let it go on."""
        if self._one is not None:
            self.post_message(ResumeRun(str(self._one.path)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False for what makes no sense with the highlighted run."""
        if not self.is_mounted:
            return True
        if action in ("open", "mark", "tag", "delete"):
            return self._table.row is not None and (action == "open" or self.focused is self._table)
        if action == "resume":
            return self._one is not None and self._one.interrupted and self._one.path not in self._shelf.live
        if action == "compare":
            return len(self._chosen()) > 1
        return action != "clear" or bool(self._marked or self.query_one(Input).value)

    # --- search, and elsewhere -----------------------------------------------------------------------------------

    def on_input_changed(self, _: Input.Changed) -> None:
        """Narrow the table while typing."""
        self._show()

    def on_key(self, event: Key) -> None:
        """From the search line the arrows move through the table."""
        if self.focused is self.query_one(Input) and event.key in ("up", "down"):
            self._table.action_move(1 if event.key == "down" else -1)
            event.stop()

    def action_search(self) -> None:
        """Type what to look for."""
        self.query_one(Input).focus()

    def action_clear(self) -> None:
        """All runs again, none marked."""
        self._marked = ()
        self.query_one(Input).value = ""
        self._table.focus()
        self._show()

    def action_scenarios(self) -> None:
        """The other section."""
        self.post_message(ToGallery(runs=False))
