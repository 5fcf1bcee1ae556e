"""When a scenario cannot be opened: everything that is wrong with it, at once."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from nnlab.errors import UserError
from nnlab.ui.messages import OpenScenario, ToGallery
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.views.problems import ProblemView, problems


class Problems(Screen[None]):
    """The problems of a scenario; `r` reads the file again after it was mended."""

    DEFAULT_CSS = """
    Problems VerticalScroll { padding: 1 3; scrollbar-size-vertical: 1; }
    Problems Static { margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "again", "read again", tooltip="Read the scenario again, after you have mended it."),
        Binding("g", "gallery", "gallery", tooltip="Choose another scenario."),
    ]

    def __init__(self, target: str, error: UserError) -> None:
        super().__init__()
        self._scenario, self._error = target, error

    def compose(self) -> ComposeResult:
        """One paragraph per problem."""
        with VerticalScroll():
            yield Static(Content.assemble(("✗ this cannot be opened: ", "bold $lab-bad"), (self._scenario, "bold")))
            for problem in problems(self._error):
                yield Static(_told(problem))
        yield KeyBar()

    def action_again(self) -> None:
        """Try it again."""
        self.post_message(OpenScenario(self._scenario))

    def action_gallery(self) -> None:
        """Choose another."""
        self.post_message(ToGallery())


def _told(problem: ProblemView) -> Content:
    head = [
        Content.styled(text, style) for text, style in ((problem.place, "$lab-muted"), (problem.key, "bold")) if text
    ]
    head = [part for part in head if part.plain]
    lines = [Content("  ").join(head)] if head else []
    lines.append(Content(problem.text))
    if problem.allowed:
        lines.append(Content.styled(f"allowed: {problem.allowed}", "$lab-muted"))
    return Content("\n").join(lines)
