"""What the text panels share: a title line instead of a box, and focus shown by a bar on the left."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Label


class Panel(VerticalScroll, can_focus=True):
    """A titled, scrolling panel.

    Subclasses have one reactive `view`, fill themselves in `content`, and say in `HELP` what the panel tells.
    """

    DEFAULT_CSS = """
    Panel {
        border-left: blank;
        padding: 0 1 0 0;
        scrollbar-size-vertical: 1;
    }
    Panel:focus, Panel:focus-within { border-left: outer $lab-accent; }
    Panel > .title { dock: top; width: 100%; text-style: bold; }
    """
    ALLOW_MAXIMIZE = True
    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        """The title over the content."""
        yield Label(self.TITLE, classes="title")
        yield from self.content()

    def content(self) -> ComposeResult:
        """What stands under the title."""
        yield from ()
