"""A page to read over the screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from nnlab.ui.panels.prose import prose
from nnlab.ui.screens.frame import Frame
from nnlab.ui.views.page import Page, Section


class Reading(ModalScreen[None]):
    """A page that scrolls; any of the keys that opened it closes it too."""

    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    Reading Frame { width: 90%; max-width: 84; max-height: 90%; }
    Reading Frame .headline { width: 100%; max-width: 100%; margin: 0; }
    Reading VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    Reading VerticalScroll > Static { margin-top: 1; padding-right: 1; }
    Reading .item { height: auto; }
    Reading .number { width: 3; color: $lab-accent; }
    Reading .what { width: 1fr; padding-right: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,i,x,q,enter", "dismiss(None)", "close", tooltip="Back to the lab."),
    ]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page, self.title = page, page.title

    def compose(self) -> ComposeResult:
        """Title, summary, sections."""
        with Frame():
            yield Label(self._page.title, classes="headline", markup=False)
            with VerticalScroll():
                if self._page.summary:
                    yield Static(prose(self._page.summary))
                for section in self._page.sections:
                    yield from _section(section)


def _section(section: Section) -> ComposeResult:
    lines = [Content.styled(section.heading, "bold")] if section.heading else []
    lines += [prose(section.text)] if section.text else []
    yield Static(Content("\n").join(lines))
    for number, item in enumerate(section.items, 1):
        with Horizontal(classes="item"):
            yield Label(str(number), classes="number")
            yield Static(prose(item), classes="what")
