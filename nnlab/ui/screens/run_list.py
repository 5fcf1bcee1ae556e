"""Recorded runs in a table: look for one, look at its curve, mark some, compare them. Nothing here changes a file."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key, Resize
from textual.screen import Screen
from textual.widgets import Input, Static

from nnlab.runs.listing import Summary, size
from nnlab.ui.charts.line_chart import LineChart
from nnlab.ui.messages import OpenScenario
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.run_shelf import RunShelf
from nnlab.ui.screens.compare import Compare
from nnlab.ui.screens.sections import Sections
from nnlab.ui.views import runs
from nnlab.ui.views.comparison import MOST, curves, of_files

WIDE = 124
"""Columns from which on the curves of the highlighted run stand beside the table."""

READ_AFTER = 0.15
"""Seconds that a run is highlighted before its curves are read: going through the list reads none."""


class RunList(Screen[None]):
    """The runs of a shelf, with what is known of the highlighted one."""

    topic = "recorded runs"
    HELP = (
        "Every run is recorded as it trains, unless it was told not to be. A row has its scenario, when it ran, how "
        "far it came, its verdict and tags. A run can be played again, compared with others, or gone on with where "
        "it was interrupted."
    )
    AUTO_FOCUS = "RunTable"
    DEFAULT_CSS = """
    RunList #search { margin: 0 1 1 1; background: $lab-panel; }
    RunList #runs { padding: 0 1; }
    RunList #side { width: 44%; padding-left: 1; border-left: solid $lab-border; }
    RunList #told { height: 3; padding: 0 1; color: $lab-muted; }
    RunList.-narrow #side { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "replay", priority=True, tooltip="Play the highlighted run in the lab."),
        Binding("space", "mark", "mark", tooltip="Mark the run for comparing or deleting, or no longer."),
        Binding("c", "compare", "compare", tooltip="Compare the marked runs, or the marked one with this one."),
        Binding("slash", "search", "search", key_display="/", tooltip="Look for scenario, verdict, #tag or name."),
        Binding("escape", "clear", "all runs", tooltip="Empty the search line and take all marks away."),
    ]

    def __init__(self, shelf: RunShelf) -> None:
        super().__init__()
        self._shelf = shelf
        self._marked: tuple[Path, ...] = ()
        """In the order in which they were marked."""

    def heading(self) -> Sections:
        """What stands at the top."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Heading, search, table; at the side the curves, below what is told in words."""
        yield self.heading()
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

    @property
    def _table(self) -> RunTable:
        return self.query_one(RunTable)

    @property
    def _row(self) -> runs.RunRow | None:
        """The highlighted row; None also before there is a table, and once there is none any more."""
        tables = self.query(RunTable)
        return tables.first().row if tables else None

    @property
    def _one(self) -> Summary | None:
        """What is known of the highlighted run."""
        row = self._row
        return self._shelf.read.get(row.path) if row else None

    @property
    def _live(self) -> bool:
        """Whether an engine trains the highlighted run now."""
        row = self._row
        return row is not None and row.path in self._shelf.live

    def _show(self) -> None:
        """Fill the table with what there is to find; there is none any more once the screen is going."""
        if not self.query(RunTable):
            return
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
        return f"No runs in {self._shelf.folder} yet." if self._shelf.looked else "looking …"

    def _count(self) -> str:
        files = self._shelf.files
        reading = "" if len(self._shelf.read) >= len(files) else f"reading {len(self._shelf.read)} of "
        marked = f"{len(self._marked)} marked · " if self._marked else ""
        return f"{marked}{reading}{len(files)} runs · {size(sum(file.bytes for file in files))}" if files else ""

    def _tell(self) -> None:
        """Say in words what is known of the highlighted run."""
        one = self._one
        head, *rest = runs.detail(one, live=self._live) if one else ("",)
        line = Content.styled(head, "bold $lab-bad" if one and one.problem else "bold $lab-text")
        self.query_one("#told", Static).update(Content("\n").join([line, *map(Content, rest)]))
        self.refresh_bindings()

    def _say(self, problem: str) -> None:
        self.notify(problem, severity="warning", markup=False)

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
        for chart in self.query(LineChart):  # the screen may have gone meanwhile
            chart.show(lines, (), *steps)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False for what makes no sense with the highlighted run."""
        if not self.query(RunTable):
            return True
        if action == "open":
            return self._row is not None
        if action == "mark":
            return self._row is not None and self.focused is self._table
        if action == "compare":
            return len(self._chosen()) > 1
        return action != "clear" or bool(self._marked or self.query_one(Input).value)

    @on(RunTable.Opened)
    def action_open(self) -> None:
        """Play it."""
        row, one = self._row, self._one
        if one is not None and one.problem:
            self._say(one.problem)
        elif row is not None:
            self.post_message(OpenScenario(str(row.path)))

    def action_mark(self) -> None:
        """Mark it, or no longer."""
        if (row := self._row) is not None:
            others = tuple(path for path in self._marked if path != row.path)
            self._marked = others if row.path in self._marked else (*others, row.path)
            self._show()

    def _chosen(self) -> list[Path]:
        """The marked runs that can be read, as they were marked; a single one together with the highlighted one."""
        row = self._row
        wanted = dict.fromkeys((*self._marked, row.path) if row and len(self._marked) == 1 else self._marked)
        return [path for path in wanted if (known := self._shelf.read.get(path)) and not known.problem]

    def action_compare(self) -> None:
        """Show them side by side."""
        chosen = self._chosen()
        if len(chosen) > MOST:
            self._say(f"At most {MOST} runs can be compared; {len(chosen)} are marked.")
        else:
            self.app.push_screen(Compare(lambda: of_files(chosen)))

    # --- search --------------------------------------------------------------------------------------------------

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
