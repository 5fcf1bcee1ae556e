"""Lists to choose from: a name for what is wrong, and a setting to begin the run again with."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from nnlab.ui.screens.frame import Frame

Choice = tuple[str, str]
"""What is answered, and the words for it; without words it is a heading."""


class Choose(ModalScreen[str | None]):
    """A question over a list; None when the player thinks better of it."""

    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    Choose Frame { width: 66; max-width: 92%; max-height: 90%; }
    Choose OptionList { height: auto; max-height: 60vh; border: none; padding: 0; background: $lab-surface; }
    Choose OptionList { scrollbar-size-vertical: 1; text-wrap: wrap; }
    Choose OptionList:focus { border: none; background-tint: $lab-background 0%; }
    Choose .hint { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel", tooltip="Close without choosing."),
    ]

    def __init__(self, question: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._question, self._choices = question, choices

    def compose(self) -> ComposeResult:
        """The question over the list."""
        with Frame():
            yield Label(self._question, classes="headline", markup=False)
            yield OptionList(*(_option(answer, words) for answer, words in self._choices))
            yield Label("enter chooses · esc goes back", classes="hint")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(event.option_id)


def _option(answer: str, words: str) -> Option:
    if not words:
        return Option(Content.styled(answer, "bold $lab-muted"), disabled=True)
    return Option(Content(f"  {words}"), id=answer)
