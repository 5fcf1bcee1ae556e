"""The end of a mystery: score, what was hidden, the code to pass on, the best so far."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Label, Static

from nnlab.ui.panels.prose import prose
from nnlab.ui.screens.frame import Frame
from nnlab.ui.views.page import Page

What = Literal["new", "look", "gallery", "quit"]


class ResultScreen(ModalScreen[What]):
    """A page that scrolls, and what can be done next."""

    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    ResultScreen Frame { width: 90%; max-width: 92; max-height: 92%; }
    ResultScreen VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    ResultScreen VerticalScroll > Static { margin-bottom: 1; padding-right: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "choose('new')", "another", tooltip="Play another mystery of this level."),
        Binding("escape,enter", "choose('look')", "look at the run", tooltip="Look at the run, with nothing hidden."),
        Binding("g", "choose('gallery')", "gallery", tooltip="Leave the run and choose a scenario."),
        Binding("q", "choose('quit')", "quit", tooltip="Leave the lab."),
    ]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        """The page over buttons."""
        with Frame():
            yield Label(self._page.title, classes="headline", markup=False)
            with VerticalScroll():
                for section in self._page.sections:
                    yield Static(Content("\n").join([Content.styled(section.heading, "bold"), prose(section.text)]))
            with Horizontal(classes="buttons"):
                yield Button("n  another", id="new", compact=True)
                yield Button("esc  look at the run", id="look", compact=True)
                yield Button("g  gallery", id="gallery", compact=True)
                yield Button("q  quit", id="quit", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Choose by mouse."""
        self.action_choose(event.button.id or "look")

    def action_choose(self, what: str) -> None:
        """Choose by key."""
        known: dict[str, What] = {"new": "new", "gallery": "gallery", "quit": "quit"}
        self.dismiss(known.get(what, "look"))
