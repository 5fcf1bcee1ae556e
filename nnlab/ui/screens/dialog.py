"""Small questions over the screen: yes or no, and a number of steps."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label

from nnlab.ui.screens.frame import Frame


class Confirm(ModalScreen[bool]):
    """A question that is answered with yes or no."""

    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "yes", tooltip="Do it."),
        Binding("n,escape", "answer(False)", "no", tooltip="Leave everything as it is."),
    ]

    def __init__(self, question: str, yes: str = "yes", no: str = "no") -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        """The question over two buttons."""
        with Frame():
            yield Label(self._question, markup=False)
            with Horizontal(classes="buttons"):
                yield Button(f"y  {self._yes}", id="yes", compact=True)
                yield Button(f"n  {self._no}", id="no", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer by mouse."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer by key."""
        self.dismiss(answer)


class AskSteps(ModalScreen[int | None]):
    """Asks for a number of steps; None when the user thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", tooltip="Close without doing anything."),
    ]

    def __init__(self, default: int) -> None:
        super().__init__()
        self._default = default

    def compose(self) -> ComposeResult:
        """The question over an input."""
        with Frame():
            yield Label("Train how many steps, then pause?")
            yield Input(str(self._default), type="integer", compact=True, id="steps")
            yield Label("enter runs · esc cancels", classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Accept a positive whole number; say so otherwise."""
        text = event.value.strip()
        if text.isdigit() and int(text) > 0:
            self.dismiss(int(text))
        else:
            self.query_one(".hint", Label).update("a whole number of at least 1")


class AskText(ModalScreen[str | None]):
    """Asks for a line of text; None when the user thinks better of it."""

    DEFAULT_CSS = """
    AskText Input { width: 60; max-width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", tooltip="Close without doing anything."),
    ]

    def __init__(self, question: str, before: str = "", hint: str = "") -> None:
        super().__init__()
        self._question, self._before, self._hint = question, before, hint

    def compose(self) -> ComposeResult:
        """The question over an input."""
        with Frame():
            yield Label(self._question, markup=False)
            yield Input(self._before, compact=True, select_on_focus=False)
            yield Label(self._hint or "enter takes it · esc cancels", classes="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was typed."""
        self.dismiss(event.value.strip())
