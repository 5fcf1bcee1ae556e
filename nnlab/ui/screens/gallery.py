"""The gallery: choose a scenario, or type the path of a file."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key, Resize
from textual.geometry import Spacing
from textual.screen import Screen
from textual.visual import Padding
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nnlab.errors import UserError
from nnlab.scenario import catalog
from nnlab.scenario.catalog import Entry
from nnlab.ui import editor
from nnlab.ui.messages import OpenScenario, ToGallery
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.prose import prose
from nnlab.ui.scenario_file import LOOK_EVERY
from nnlab.ui.screens.sections import Sections
from nnlab.ui.views import gallery

if TYPE_CHECKING:
    from nnlab.ui.app import LabApp

INDENT, SCROLLBAR = 3, 2
"""Cells before a title, and after what stands beside it."""

NOTE = "auto 60%"
"""What stands beside a title: behind it, and read on the highlight too."""


class Gallery(Screen[None]):
    """All scenarios with a preview of the highlighted one."""

    topic = "scenarios"
    HELP = (
        "All scenarios by family and failure mode; on the right the story of the highlighted one, what it teaches "
        "and how long it takes. Type / to search by name, mode, family or words of the story. A file that is saved "
        "is read again at once; what is wrong in it stands in its place."
    )
    DEFAULT_CSS = """
    Gallery #search { margin: 0 1 0 0; background: $lab-panel; }
    Gallery #list { width: 46%; min-width: 34; max-width: 64; padding: 0 0 0 1; }
    Gallery OptionList { height: 1fr; margin-top: 1; background: $lab-background; border: none; padding: 0; }
    Gallery OptionList { scrollbar-size-vertical: 1; text-wrap: wrap; }
    Gallery OptionList:focus { border: none; background-tint: $lab-background 0%; }
    Gallery #story { max-width: 88; }
    Gallery #preview { width: 1fr; padding: 0 2; border-left: solid $lab-border; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", priority=True, tooltip="Open the lab on the highlighted scenario."),
        Binding("slash", "search", "search", key_display="/", tooltip="Go to the search line."),
        Binding("o", "open_file", "open a file", tooltip="Type the path of a scenario file and press enter."),
        Binding("e", "edit", "edit a copy", tooltip="Open your editor on a copy of the scenario; on your own, itself."),
        Binding("r", "runs", "recorded runs", tooltip="Choose a recorded run: replay, go on, compare, tag, delete."),
        Binding("m", "mysteries", "mysteries", tooltip="Play a run with a hidden fault; see the scoreboard."),
        Binding("escape", "clear", "all scenarios", tooltip="Empty the search line and go back to the list."),
    ]

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__()
        self._entries = {entry.name: entry for entry in entries}
        self._stamps: dict[Path, int] | None = None

    def compose(self) -> ComposeResult:
        """Search line and list on the left, preview on the right."""
        yield Sections("scenarios")
        with Horizontal():
            with Vertical(id="list"):
                yield Input(
                    placeholder="search, or the path of a scenario file",
                    id="search",
                    compact=True,
                    select_on_focus=False,
                )
                yield OptionList()
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="story")
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the list, and follow the files."""
        self._fill()
        self.query_one(OptionList).focus()
        self.set_interval(LOOK_EVERY, self._look_again)

    async def _look_again(self) -> None:
        """Read the scenarios again if any file has been written, added or deleted."""
        before, self._stamps = self._stamps, await asyncio.to_thread(catalog.stamps)
        if before is None or before == self._stamps:
            return
        doubted = [path for path, stamp in self._stamps.items() if before.get(path) != stamp]
        entries = await asyncio.to_thread(catalog.entries, doubted)
        self._entries = {entry.name: entry for entry in entries}
        self._fill(self._highlighted)

    @property
    def _highlighted(self) -> str:
        """The highlighted scenario."""
        options = self.query_one(OptionList)
        at = options.highlighted
        return "" if at is None else options.get_option_at_index(at).id or ""

    def _fill(self, highlight: str = "") -> None:
        """List what is searched for, with this scenario highlighted, or else the first that the words fit best."""
        typed, options = self.query_one(Input).value, self.query_one(OptionList)
        rows = gallery.rows(self._entries.values(), "" if _is_path(typed) else typed)
        self.query_one(Sections).say(f"{len(self._entries)} ways a network can fare")
        room = options.container_size.width - SCROLLBAR
        options.set_options(
            Option(_line(row, room), id=row.name) if row.name else Option(_heading(row), disabled=True) for row in rows
        )
        names = [row.name for row in rows]
        best = next((at for at, row in enumerate(rows) if row.name and not row.loose), None)
        best = next((at for at, row in enumerate(rows) if row.name), None) if best is None else best
        options.highlighted = names.index(highlight) if highlight and highlight in names else best
        if not rows:
            self.query_one("#story", Static).update(
                Content.styled("No scenario has these words. Enter opens a file of this path.", "$lab-muted")
            )

    def on_resize(self, _: Resize) -> None:
        """What stands beside the titles needs room."""
        self._fill(self._highlighted)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell the story of the highlighted scenario."""
        entry = self._entries.get(event.option_id or "")
        if entry is not None:
            reached = cast("LabApp", self.app).kept_lessons.reached(entry.name).words if entry.lesson else ""
            self.query_one("#story", Static).update(_told(gallery.preview(entry, reached)))
            self.query_one("#preview").scroll_home(animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open the one that was chosen."""
        if event.option_id:
            self.post_message(OpenScenario(event.option_id))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list while typing; a path from the root or from home stands for itself."""
        if event.value.startswith((".//", "./~")):
            event.input.value = event.value.removeprefix("./")
            event.input.cursor_position = len(event.input.value)
            return
        self._fill()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to clear only while something is typed."""
        return action != "clear" or (self.is_mounted and bool(self.query_one(Input).value))

    def on_key(self, event: Key) -> None:
        """From the search line the arrows move through the list."""
        options = self.query_one(OptionList)
        if self.focused is self.query_one(Input) and event.key in ("up", "down"):
            (options.action_cursor_down if event.key == "down" else options.action_cursor_up)()
            event.stop()

    def action_open(self) -> None:
        """Open the file whose path is typed, or else the highlighted scenario."""
        options, typed = self.query_one(OptionList), self.query_one(Input).value.strip()
        if _is_path(typed) or (typed and not options.option_count):
            self.post_message(OpenScenario(typed))
        else:
            options.action_select()

    async def action_edit(self) -> None:
        """Edit the highlighted scenario in the user's own folder, then show what has become of it."""
        entry = self._entries.get(self._highlighted)
        if entry is None:
            return
        self._stamps = self._stamps or await asyncio.to_thread(catalog.stamps)
        try:
            path = await asyncio.to_thread(editor.own_file, entry)
            editor.edit(self.app, path)
        except UserError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        await self._look_again()
        self._fill(path.stem)

    def action_runs(self) -> None:
        """The recorded runs."""
        self.post_message(ToGallery("runs"))

    def action_mysteries(self) -> None:
        """The mysteries."""
        self.post_message(ToGallery("mysteries"))

    def action_search(self) -> None:
        """Type what to look for."""
        self.query_one(Input).focus()

    def action_open_file(self) -> None:
        """Type a path."""
        search = self.query_one(Input)
        search.focus()
        search.value = "./"
        search.cursor_position = 2

    def action_clear(self) -> None:
        """All scenarios again."""
        self.query_one(Input).value = ""
        self.query_one(OptionList).focus()


def _is_path(text: str) -> bool:
    return "/" in text or text.startswith("~") or text.endswith(".toml")


def _heading(row: gallery.Row) -> Padding:
    """A family, or a kind of failure under it."""
    style = "$lab-muted" if row.depth else "bold $lab-accent"
    return Padding(Content.styled(row.text, style), Spacing(left=row.depth))


def _line(row: gallery.Row, room: int) -> Padding:
    """Indented under its heading, also where it wraps; the failure mode at the right end where it fits."""
    line = Content(f"✗ {row.text}" if row.broken else row.text)
    note = "has errors" if row.broken else "in its story" if row.loose else row.note
    gap = room - INDENT - len(line) - len(note)
    if note and gap > 1:
        line = Content.assemble(line, " " * gap, (note, NOTE))
    return Padding(line, Spacing(left=INDENT))


def _told(told: gallery.Preview) -> Content:
    lines = [Content.styled(told.title, "bold"), Content.styled(" · ".join(told.facts), "$lab-accent"), Content("")]
    if told.error:
        lines += [Content.styled("✗ this file has errors", "bold $lab-bad"), Content(told.error), Content("")]
    if told.summary:
        lines += [Content(told.summary), Content("")]
    lines.append(prose(told.story))
    if told.lesson:
        lines += [Content(""), Content.styled("What it teaches", "bold"), prose(told.lesson)]
    return Content("\n").join(lines)
