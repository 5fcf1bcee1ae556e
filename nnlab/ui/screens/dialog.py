"""Small questions over the screen: yes or no, and a number of steps."""

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label

from nnlab.ui.charts.grid import shorten
from nnlab.ui.screens.frame import Frame

MOST_STEPS = 1_000_000_000
"""Steps that can be asked for at once: weeks of training."""

LONGEST_TOLD, LONGEST_READ = 20, 40
"""Characters of what was typed that a message repeats; digits that are read, so that a wall of them is no work."""

ASKS = "enter runs · esc cancels"


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
            yield Input(str(self._default), compact=True, id="steps")
            yield Label(ASKS, classes="hint", markup=False)

    def on_input_changed(self, _: Input.Changed) -> None:
        """What was wrong before is being mended."""
        self.query_one(".hint", Label).update(ASKS)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take a number of steps; say what is wrong otherwise."""
        steps = number_of_steps(event.value)
        if steps is not None:
            self.dismiss(steps)
        else:
            typed = shorten(event.value.strip(), LONGEST_TOLD)
            wrong = f"✗ {typed} is no number of steps" if typed else "✗ nothing is typed"
            self.query_one(".hint", Label).update(f"{wrong}\n1 to {MOST_STEPS:,}, as 500 or 10,000")


def number_of_steps(text: str) -> int | None:
    """A whole number from 1 to `MOST_STEPS`, with commas between its thousands or without; None for anything else."""
    digits = text.strip()
    if not re.fullmatch(r"[0-9]+|[0-9]{1,3}(,[0-9]{3})+", digits):
        return None
    steps = int(digits.replace(",", "")[:LONGEST_READ])
    return steps if 1 <= steps <= MOST_STEPS else None


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
