"""When a scenario cannot be opened: everything that is wrong with it, at once."""

import asyncio
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
from nnlab.ui.scenario_file import LOOK_EVERY, stamp, wrong
from nnlab.ui.views.problems import ProblemView, problems


class Problems(Screen[None]):
    """The problems of a scenario, told anew whenever its file is written; `r` opens it after it was mended."""

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
        self._stamp: int | None = None

    def compose(self) -> ComposeResult:
        """What is wrong, and the keys."""
        with VerticalScroll():
            yield Static()
        yield KeyBar()

    def on_mount(self) -> None:
        """Tell what is wrong, and follow the file."""
        self._tell(self._error)
        self.set_interval(LOOK_EVERY, self._look_again)

    async def _look_again(self) -> None:
        """Read the file again where it has been written since."""
        before, self._stamp = self._stamp, await asyncio.to_thread(stamp, self._scenario)
        if self._stamp != before and before is not None:
            self._tell(await asyncio.to_thread(wrong, self._scenario))

    def _tell(self, error: UserError | None) -> None:
        """One paragraph per problem, or that there is none any more."""
        if error is None:
            head = Content.assemble(
                ("✓ nothing is wrong with it any more: ", "bold $lab-good"), (self._scenario, "bold")
            )
            told = [head, Content("r opens it.")]
        else:
            head = Content.assemble(("✗ this cannot be opened: ", "bold $lab-bad"), (self._scenario, "bold"))
            told = [head, *map(_told, problems(error))]
        self.query_one(Static).update(Content("\n\n").join(told))

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
