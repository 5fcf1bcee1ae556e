"""What the text panels share: a title line instead of a box, and focus shown by a bar on the left."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from nnlab.ui.panels.title import Title


class Panel(VerticalScroll, can_focus=True):
    """A titled, scrolling panel.

    Subclasses have one reactive `view`, fill themselves in `content`, and say in `HELP` what the panel tells.
    """

    DEFAULT_CSS = """
    Panel {
        border-left: blank;
        scrollbar-size-vertical: 1;
    }
    Panel > * { padding-right: 1; }
    Panel:focus, Panel:focus-within { border-left: outer $lab-accent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", "scroll up", show=False, tooltip="Scroll by a line."),
        Binding("down", "scroll_down", "scroll down", show=False, tooltip="Scroll by a line."),
        Binding("pageup", "page_up", "page up", show=False, tooltip="Scroll by a page."),
        Binding("pagedown", "page_down", "page down", show=False, tooltip="Scroll by a page."),
        Binding("home", "scroll_home", "to the top", show=False, tooltip="Scroll to an end."),
        Binding("end", "scroll_end", "to the end", show=False, tooltip="Scroll to an end."),
    ]
    ALLOW_MAXIMIZE = True
    TITLE: ClassVar[str] = ""
    HELP: ClassVar[str] = ""

    def compose(self) -> ComposeResult:
        """The title over the content."""
        yield Title(self.TITLE)
        yield from self.content()

    def say_aside(self, text: str) -> None:
        """Write something at the right end of the title line."""
        self.query_one(Title).say(text)

    def content(self) -> ComposeResult:
        """What stands under the title."""
        yield from ()
