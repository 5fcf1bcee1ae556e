"""The branches of a run over the screen: go to one, name it, draw it behind the present one."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList
from textual.widgets.option_list import Option

from nnlab.ui.screens.body import Body
from nnlab.ui.screens.compare import Compare
from nnlab.ui.screens.frame import Frame
from nnlab.ui.session import Session
from nnlab.ui.views.branches import BranchRow, rows
from nnlab.ui.views.comparison import of_branches
from nnlab.wire import commands

REFRESH = 0.25
"""Seconds between two looks at whether the tree has changed."""

LONGEST = 40
"""Characters of a branch's name."""


class Branches(ModalScreen[int | None]):
    """The tree; dismissed with the branch to go to. The body knows which branches are drawn."""

    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    Branches Frame { width: 90%; max-width: 110; max-height: 90%; }
    Branches OptionList { height: auto; max-height: 16; background: $lab-surface; border: none; padding: 0; }
    Branches OptionList:focus { border: none; background-tint: $lab-surface 0%; }
    Branches Input { display: none; width: 44; }
    Branches.-naming Input { display: block; }
    Branches Label { max-width: 100%; }
    Branches .hint { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "go there", tooltip="Go to the end of this branch."),
        Binding("n", "name", "name", tooltip="Give the branch a name."),
        Binding(
            "space", "draw", "draw", tooltip="Draw the branch behind the present one in the plots, or leave it out."
        ),
        Binding("c", "compare", "compare", tooltip="Hold the branch against the present one, side by side."),
        Binding("escape,b,q", "close", "close", tooltip="Back to the lab."),
    ]

    def __init__(self, session: Session, body: Body) -> None:
        super().__init__()
        self._session, self._body = session, body
        self._rows: tuple[BranchRow, ...] = ()

    def compose(self) -> ComposeResult:
        """The list over the keys."""
        with Frame():
            yield Label("branches", classes="headline")
            yield OptionList()
            yield Input(max_length=LONGEST, compact=True)
            yield Label("enter goes there · space draws · c compares · n names · esc closes", classes="hint")

    def on_mount(self) -> None:
        """Fill the list, with the present branch highlighted."""
        self._fill()
        at = next((index for index, row in enumerate(self._rows) if row.current), 0)
        self.query_one(OptionList).highlighted = at
        self.set_interval(REFRESH, self._fill)

    def _fill(self) -> None:
        fresh = rows(self._session, self._body.drawn(self._session))
        if fresh == self._rows:
            return
        options, self._rows = self.query_one(OptionList), fresh
        at = options.highlighted
        options.set_options(Option(_line(row, fresh), id=str(row.branch)) for row in fresh)
        options.highlighted = at

    @property
    def _row(self) -> BranchRow | None:
        at = self.query_one(OptionList).highlighted
        return self._rows[at] if at is not None and at < len(self._rows) else None

    @on(OptionList.OptionSelected)
    def action_go(self) -> None:
        """Go to the highlighted branch."""
        if self._row is not None:
            self.dismiss(None if self._row.current else self._row.branch)

    def action_draw(self) -> None:
        """Draw the highlighted branch, or no longer."""
        if self._row is not None:
            self._body.toggle_branch(self._session, self._row.branch)
            self._fill()

    def action_compare(self) -> None:
        """Show the highlighted branch and the present one side by side, as the run file has them."""
        row, info = self._row, self._session.info
        present = next((one for one in self._rows if one.current), None)
        if row is None or present is None or info is None or row.current:
            return
        if not info.run_file:
            self.notify("Branches are compared in the run file, and this run has none.", severity="warning")
            return
        sides = [(one.branch, one.name, one.verdict) for one in (present, row)]
        self.app.push_screen(Compare(partial(of_branches, Path(info.run_file), sides)))

    def action_name(self) -> None:
        """Type a name for the highlighted branch."""
        if self._row is not None:
            self.add_class("-naming")
            name = self.query_one(Input)
            name.value = self._row.name
            name.focus()

    def action_close(self) -> None:
        """Leave the name as it is, or the list."""
        if self.has_class("-naming"):
            self._named()
        else:
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Ask for the name; the list shows it when the engine has it."""
        if self._row is not None and event.value.strip():
            self._session.travel(commands.NameBranch(self._row.branch, event.value.strip()))
        self._named()

    def _named(self) -> None:
        self.remove_class("-naming")
        self.query_one(OptionList).focus()


def _line(row: BranchRow, all_rows: tuple[BranchRow, ...]) -> Content:
    """The branch in its place in the tree, and what is known of it in columns."""
    tree = "  " * (row.depth - 1) + "└ " if row.depth else ""
    width = max(2 * one.depth + len(one.name) for one in all_rows)
    stretch = max(len(f"{one.fork} {one.end}") for one in all_rows)
    loss = max(len(one.loss) for one in all_rows)
    head = ("● " if row.current else "○ ", "$lab-good" if row.current else "$lab-muted")
    name = (tree + row.name).ljust(width)
    facts = f"  {f'{row.fork} {row.end}'.strip():>{stretch}}  {row.loss:<{loss}}  {row.verdict}"
    known = " · ".join(part for part in ("drawn" if row.drawn and not row.current else "", row.differs) if part)
    below = (f"\n    {'  ' * row.depth}{known}" if known else "", "$lab-muted")
    return Content.assemble(head, (name, "bold"), facts, below)
