"""The recorded runs of the gallery: play one, watch one that is trained, let it go on, name it by tags, delete some."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from nnlab.client import upkeep
from nnlab.errors import UserError
from nnlab.runs import tags
from nnlab.runs.folder import runs_folder
from nnlab.ui.messages import ResumeRun, ToGallery
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.run_shelf import RunShelf
from nnlab.ui.screens.dialog import AskText, Confirm
from nnlab.ui.screens.run_list import RunList
from nnlab.ui.screens.sections import Sections


class Runs(RunList):
    """The runs of the user's folder."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "replay", priority=True, tooltip="Play the highlighted run in the lab."),
        Binding(
            "enter",
            "watch",
            "watch live",
            priority=True,
            tooltip="Open the lab on the engine that trains the run now; leaving the lab leaves it running.",
        ),
        Binding("r", "resume", "resume", tooltip="Let a run that was interrupted go on, in its own file."),
        Binding("t", "tag", "tags", tooltip="Give the run tags by which it is found again, or take them away."),
        Binding("D,shift+d,delete", "delete", "delete", tooltip="Delete the marked runs, or this one; asks first."),
        Binding("g", "scenarios", "scenarios", tooltip="Choose a scenario instead."),
        Binding("m", "mysteries", "mysteries", show=False, tooltip="Play a run with a hidden fault instead."),
    ]

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(RunShelf(folder or runs_folder(), upkeep.in_use))

    def heading(self) -> Sections:
        """The sections of the gallery."""
        return Sections("runs")

    def _why_empty(self, search: str) -> str:
        hint = "\nWhat you train in the lab, or with nnlab run, is recorded there."
        return super()._why_empty(search) + (hint if self._shelf.looked and not search else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """False for what makes no sense with the highlighted run."""
        if not self.query(RunTable):
            return True
        if action in ("open", "watch"):
            return self._row is not None and self._live == (action == "watch")
        if action in ("tag", "delete"):
            return self._row is not None and self.focused is self._table
        if action == "resume":
            return self._one is not None and self._one.interrupted and not self._live
        return super().check_action(action, parameters)

    @on(RunTable.Opened)
    def _opened(self, event: RunTable.Opened) -> None:
        """A click on a run that is being trained watches that."""
        if self._live:
            event.prevent_default()
            self.action_watch()

    def action_watch(self) -> None:
        """Watch it being trained."""
        if (row := self._row) is not None:
            self.post_message(ResumeRun(str(row.path)))

    def action_resume(self) -> None:
        """Let it go on."""
        if self._one is not None:
            self.post_message(ResumeRun(str(self._one.path)))

    def action_tag(self) -> None:
        """Ask for the tags of the highlighted run."""
        if (row := self._row) is None:
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
        row = self._row
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

    def action_scenarios(self) -> None:
        """The scenarios."""
        self.post_message(ToGallery("scenarios"))

    def action_mysteries(self) -> None:
        """The mysteries."""
        self.post_message(ToGallery("mysteries"))


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        upkeep.delete(path)
