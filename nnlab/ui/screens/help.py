"""The help screen: what the focused panel tells, and every key with what it does."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, Static

Keys = tuple[tuple[str, str], ...]
"""Key as it is written on the keyboard, and what it does."""


class Help(ModalScreen[None]):
    """Keys and an explanation of the panel that has the focus."""

    DEFAULT_CSS = """
    Help { align: center middle; background: $lab-background 70%; }
    Help .dialog { width: 90%; max-width: 96; height: auto; max-height: 90%; }
    Help VerticalScroll { height: auto; max-height: 30; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss(None)", "close", tooltip="Back to the lab."),
    ]

    def __init__(self, keys: Keys, panel: str, about: str) -> None:
        super().__init__()
        self._keys, self._panel, self._about = keys, panel, about

    def compose(self) -> ComposeResult:
        """The panel's explanation over the table of keys."""
        width = max((len(key) for key, _ in self._keys), default=0)
        with Vertical(classes="dialog"), VerticalScroll():
            if self._about:
                yield Label(self._panel, classes="headline")
                yield Static(self._about, markup=False)
            yield Label("keys", classes="headline")
            for key, does in self._keys:
                yield Static(Content.assemble((key.ljust(width + 2), "bold $lab-accent"), does))
            yield Label("Mouse: click keys, tabs, rows and sliders; the wheel scrolls. escape closes.", classes="hint")
