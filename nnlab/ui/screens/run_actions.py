"""What is done to recorded runs that stand in a table: mark, compare, tag, delete."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

from textual.screen import Screen

from nnlab.client import upkeep
from nnlab.errors import UserError
from nnlab.runs import tags
from nnlab.runs.folder import runs_folder
from nnlab.runs.listing import Summary
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.run_shelf import RunShelf
from nnlab.ui.screens.compare import Compare
from nnlab.ui.screens.dialog import AskText, Confirm
from nnlab.ui.views.comparison import MOST, of_files


class RunActions(Screen[None]):
    """A screen with a `RunTable` over the runs of a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._shelf = RunShelf(folder or runs_folder())
        self._marked: tuple[Path, ...] = ()
        """In the order in which they were marked."""

    def _show(self) -> None:
        """Fill the table."""
        raise NotImplementedError

    @property
    def _table(self) -> RunTable:
        return self.query_one(RunTable)

    @property
    def _one(self) -> Summary | None:
        """What is known of the highlighted run."""
        row = self._table.row if self.is_mounted else None
        return self._shelf.read.get(row.path) if row else None

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


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        upkeep.delete(path)
