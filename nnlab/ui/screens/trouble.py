"""When the engine is gone: what happened, the tail of its log, and what can be done now."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from nnlab.ui.screens.frame import Frame
from nnlab.ui.views.trouble import TroubleView

Choice = Literal["restart", "quit", "look"]


class Trouble(ModalScreen[Choice]):
    """The engine failed or vanished; the curves so far stay on the screen behind."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Trouble Frame { width: 90%; max-width: 110; max-height: 85%; border-left: outer $lab-bad; }
    Trouble Frame .headline { color: $lab-bad; text-style: bold; }
    Trouble VerticalScroll { height: auto; max-height: 14; margin: 1 0; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "choose('restart')", "restart", tooltip="Start a new engine and begin the run again."),
        Binding("escape", "choose('look')", "look at the run", tooltip="Close this and look at the curves so far."),
        Binding("q", "choose('quit')", "quit", tooltip="Leave the lab; the run file is kept."),
    ]

    def __init__(self, view: TroubleView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """Headline, explanation, log and buttons."""
        with Frame():
            yield Label(f"✗ {self._view.headline}", classes="headline", markup=False)
            yield Static(self._view.explanation, markup=False)
            if self._view.detail:
                with VerticalScroll():
                    yield Static(self._view.detail, markup=False, classes="hint")
            with Horizontal(classes="buttons"):
                yield Button("r  restart", id="restart", compact=True)
                yield Button("esc  look at the run", id="look", compact=True)
                yield Button("q  quit", id="quit", compact=True)

    def on_mount(self) -> None:
        """Show the end of the log, where the cause usually stands."""
        for scroll in self.query(VerticalScroll):
            scroll.scroll_end(animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Choose by mouse."""
        self.dismiss("restart" if event.button.id == "restart" else "quit" if event.button.id == "quit" else "look")

    def action_choose(self, choice: Choice) -> None:
        """Choose by key."""
        self.dismiss(choice)
