"""A remedy in the diagnosis panel: its key, what to do, and what pressing the key changes beyond the words of it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Label, Static

from nnlab.ui.views.diagnosis import RemedyView


class RemedyRow(Horizontal):
    """A click does what the key does; a remedy without a key is advice."""

    DEFAULT_CSS = """
    RemedyRow { height: auto; }
    RemedyRow:hover { background: $lab-panel; }
    RemedyRow .key { width: 3; text-style: bold; color: $lab-accent; }
    RemedyRow .what { width: 1fr; }
    """

    class Picked(Message):
        """The user wants the remedy of this key."""

        def __init__(self, key: int) -> None:
            super().__init__()
            self.key = key

    def __init__(self, remedy: RemedyView) -> None:
        super().__init__()
        self._remedy = remedy

    def compose(self) -> ComposeResult:
        """Key and text."""
        yield Label(self._remedy.key or "·", classes="key")
        more = "".join(f"  {part}" for part in (self._remedy.adds, self._remedy.worked) if part)
        yield Static(Content.assemble(self._remedy.text, (more, "$lab-muted")), classes="what")

    def on_click(self) -> None:
        """Tell the screen."""
        if self._remedy.key:
            self.post_message(self.Picked(int(self._remedy.key)))
