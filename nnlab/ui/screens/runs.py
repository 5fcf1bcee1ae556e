"""The recorded runs: look for one, play it, let it go on, name it by tags, compare some, delete."""

import asyncio
from collections.abc import Callable, Iterable
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

from nnlab.client import upkeep
from nnlab.errors import UserError
from nnlab.runs import tags
from nnlab.runs.folder import runs_folder
from nnlab.runs.listing import Summary, size
from nnlab.ui.charts.line_chart import LineChart
from nnlab.ui.messages import OpenScenario, ResumeRun, ToGallery
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.run_shelf import RunShelf
from nnlab.ui.screens.compare import Compare
from nnlab.ui.screens.dialog import AskText, Confirm
from nnlab.ui.screens.sections import Sections
from nnlab.ui.views import runs
from nnlab.ui.views.comparison import MOST, curves, of_files

WIDE = 124
"""Columns from which on the curves of the highlighted run stand beside the table."""

READ_AFTER = 0.15
"""Seconds that a run is highlighted before its curves are read: going through the list reads none."""


class Runs(Screen[None]):
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

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._shelf = RunShelf(folder or runs_folder())
        self._marked: tuple[Path, ...] = ()
        """In the order in which they were marked."""

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

    @property
    def _table(self) -> RunTable:
        return self.query_one(RunTable)

    @property
    def _one(self) -> Summary | None:
        """What is known of the highlighted run."""
        row = self._table.row if self.is_mounted else None
        return self._shelf.read.get(row.path) if row else None

    def _show(self) -> None:
        """Fill the table with what there is to find."""
        shelf, search = self._shelf, self.query_one(Input).value
        there = {file.path for file in shelf.files}
        self._marked = tuple(path for path in self._marked if path in there)
        now = datetime.now().astimezone()
        self._table.show(
            runs.rows(shelf.files, shelf.read, frozenset(self._marked), search, now), self._why_empty(search)
        )
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
            return self._table.row is not None
        if action == "resume":
            return self._one is not None and self._one.interrupted
        if action == "compare":
            return len(self._chosen()) > 1
        return action != "clear" or bool(self._marked or self.query_one(Input).value)

    # --- several at once -----------------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark it, or no longer."""
        if (row := self._table.row) is not None:
            others = tuple(path for path in self._marked if path != row.path)
            self._marked = others if row.path in self._marked else (*others, row.path)
            self._show()

    def _chosen(self) -> list[Path]:
        """The marked runs that can be read, as they were marked; a single one together with the highlighted one."""
        row = self._table.row
        wanted = dict.fromkeys((*self._marked, row.path) if row and len(self._marked) == 1 else self._marked)
        return [path for path in wanted if (known := self._shelf.read.get(path)) and not known.problem]

    def action_compare(self) -> None:
        """Show them side by side."""
        chosen = self._chosen()
        if len(chosen) > MOST:
            self._say(f"At most {MOST} runs can be compared; {len(chosen)} are marked.")
        else:
            self.app.push_screen(Compare(lambda: of_files(chosen)))

    def action_tag(self) -> None:
        """Ask for the tags of the highlighted run."""
        if (row := self._table.row) is None:
            return
        known = dict.fromkeys(tag for one in self._shelf.read.values() for tag in one.tags)
        hint = f"in use: {', '.join(sorted(known))}" if known else "words, apart by blanks; none takes all away"
        had = " ".join(self._shelf.read[row.path].tags) if row.path in self._shelf.read else ""

        def put(text: str | None) -> None:
            if text is not None:
                self.run_worker(self._do(lambda: tags.put(row.path, tags.words(text))))

        self.app.push_screen(AskText(f"Tags of {row.scenario}", had, hint), put)

    def action_delete(self) -> None:
        """Delete after asking."""
        row = self._table.row
        if row is None:
            return
        paths = self._marked or (row.path,)
        what = f"the {len(paths)} marked runs" if len(paths) > 1 else paths[0].name

        def sure(answer: bool | None) -> None:
            if answer:
                self.run_worker(self._do(lambda: _delete(paths)))

        self.app.push_screen(Confirm(f"Delete {what}? This cannot be undone.", "delete", "keep"), sure)

    async def _do(self, work: Callable[[], None]) -> None:
        """Do something to files, and look at them again."""
        try:
            await asyncio.to_thread(work)
        except UserError as error:
            self._say(str(error))
        self._shelf.look_again()

    def _say(self, problem: str) -> None:
        self.notify(problem, severity="warning", markup=False)

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


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        upkeep.delete(path)
