"""One step of the run over the screen: its cause, its batch, its layers, what happened near."""

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from nnlab.ui.explaining import Inquiry
from nnlab.ui.screens.frame import Frame
from nnlab.wire.telling_point import Part

LOOK_AGAIN = 0.2
"""Seconds between two looks at how far it is."""


class PointScreen(ModalScreen[None]):
    """An inquiry at work, and what came of it."""

    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    PointScreen Frame { width: 95%; max-width: 110; max-height: 95%; }
    PointScreen Frame .headline { width: 100%; max-width: 100%; margin: 0; }
    PointScreen VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    PointScreen VerticalScroll > Static { margin-top: 1; padding-right: 1; }
    PointScreen .hint { margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,p,q,enter", "dismiss(None)", "close", tooltip="Back to the lab."),
    ]

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__()
        self._inquiry = inquiry
        self._task: asyncio.Task[None] | None = None

    def compose(self) -> ComposeResult:
        """Texts, filled by `_tell`."""
        with Frame(), VerticalScroll():
            yield Label(self._inquiry.told.title, classes="headline", markup=False)
            yield Static(id="cause")
            yield Static(id="parts")
            yield Label("esc closes", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin, and follow."""
        self._task = asyncio.create_task(self._inquiry.perform())
        self._tell()
        self._following = self.set_interval(LOOK_AGAIN, self._follow)

    def on_resize(self, _: Resize) -> None:
        """Rows of a table are as long as there is room."""
        self.call_after_refresh(self._tell)

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._inquiry.cancel()

    def _follow(self) -> None:
        self._tell()
        if not self._inquiry.busy:
            self._following.stop()

    def _tell(self) -> None:
        told = self._inquiry.told
        working = "\n".join(("The step is being done again, exactly; the run goes on.", *self._inquiry.progress))
        cause = Content.styled(told.cause, "bold") if told.cause else Content.styled(working, "$lab-muted")
        text = self.query_one("#cause", Static)
        text.display = bool(told.cause) or self._inquiry.busy
        text.update(cause)
        width = max(self.query_one(VerticalScroll).size.width - 2, 20)
        self.query_one("#parts", Static).update(Content("\n\n").join(_part(part, width) for part in told.parts))


def _part(part: Part, width: int) -> Content:
    lines = (line if len(line) <= width or line[0] != " " else f"{line[: width - 1]}…" for line in part.lines)
    return Content("\n").join((Content.styled(part.heading, "bold $lab-accent"), *map(Content, lines)))
