"""The screen of trials: forks at work, then the table of what they proved, and a key that adopts a row."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from nnlab.ui.panels.tones import TONES
from nnlab.ui.screens.frame import Frame
from nnlab.ui.session import Session
from nnlab.ui.trials import Attempt
from nnlab.ui.views.trials import Adoption, TrialRow, trial_view

LOOK_AGAIN = 0.2
"""Seconds between two looks at forks that are at work."""


class TrialScreen(ModalScreen[Adoption | None]):
    """An attempt; dismissed with what is to be adopted. Leaving it ends forks that are at work."""

    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    TrialScreen Frame { width: 95%; max-width: 110; max-height: 95%; }
    TrialScreen Frame Label { width: 100%; max-width: 100%; }
    TrialScreen OptionList { height: auto; max-height: 1fr; margin: 1 0; border: none; padding: 0; }
    TrialScreen OptionList { background: $lab-surface; }
    TrialScreen OptionList:focus > .option-list--option-highlighted { background: $lab-panel; color: $lab-text; }
    TrialScreen OptionList:focus { border: none; background-tint: $lab-surface 0%; }
    TrialScreen #untouched { color: $lab-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "adopt", "adopt", tooltip="Go on with this change."),
        Binding("r", "again", "again", tooltip="Try again, from the state that the run has now."),
        Binding(
            "escape,q", "close", "close", tooltip="Back to the lab; forks at work are ended, the run is untouched."
        ),
    ]

    def __init__(
        self, attempt: Attempt, session: Session, again: Callable[[], Attempt], cancel: Callable[[], None]
    ) -> None:
        super().__init__()
        self._attempt, self._session, self._again, self._cancel = attempt, session, again, cancel
        self._rows: tuple[TrialRow, ...] = ()

    def compose(self) -> ComposeResult:
        """Headline, progress, rows, the untouched copy and keys; all filled by `_tell`."""
        with Frame():
            yield Label(id="title", classes="headline", markup=False)
            yield Static(id="told", markup=False)
            yield OptionList()
            yield Static(id="untouched", markup=False)
            yield Label(id="keys", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Follow the forks."""
        self._tell()
        self.query_one(OptionList).highlighted = 0
        self.set_interval(LOOK_AGAIN, self._follow)

    @on(OptionList.OptionSelected)
    def action_adopt(self) -> None:
        """Adopt the highlighted row; say why where that cannot be."""
        at = self.query_one(OptionList).highlighted
        row = self._rows[at] if at is not None else None
        if row is not None and row.adoption is not None:
            self._cancel()
            self.dismiss(row.adoption)
        elif row is not None:
            self.notify(row.refusal, markup=False)

    def action_again(self) -> None:
        """Begin again."""
        if not self._attempt.busy:
            self._attempt = self._again()
            self._tell()

    def action_close(self) -> None:
        """Leave; nobody waits for forks at work any more."""
        self._cancel()
        self.dismiss(None)

    def _follow(self) -> None:
        if self._attempt.busy or self.has_class("-busy"):
            self._tell()

    def _tell(self) -> None:
        view = trial_view(self._attempt, self._session)
        was_busy = self.has_class("-busy")
        self.set_class(view.busy, "-busy")
        for name, text in (("title", view.title), ("told", view.told), ("keys", view.hint)):
            self.query_one(f"#{name}", Static).update(text)
        self.query_one("#untouched", Static).update(view.untouched)
        if view.rows != self._rows:
            options = self.query_one(OptionList)
            at, self._rows = options.highlighted, view.rows
            options.set_options(Option(_line(row), str(row.place)) for row in view.rows)
            options.highlighted = 0 if was_busy and not view.busy else at


def _line(row: TrialRow) -> Content:
    """What it proved over what it is."""
    return Content.assemble(
        (f"{row.glyph} {row.word:<9}", f"bold {TONES[row.tone]}"),
        f"  {row.facts}\n  ",
        (row.text, "bold"),
        (f"  {row.does}" if row.does else "", "$lab-muted"),
    )
