"""The lesson over the screen: its steps so far, what is asked now, and what can be done about it."""

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from nnlab.ui.panels.lesson import DONE, NOW, waits
from nnlab.ui.panels.prose import prose
from nnlab.ui.screens.frame import Frame
from nnlab.ui.views.lesson import LessonView

LEFT_HERE = (
    "You left the lesson at this step, and it goes on here. A new run has nothing of what the steps before it did; "
    "to take them again, b begins with the first."
)

Wish = Literal["skip", "begin", "leave"]


class LessonOverview(ModalScreen[Wish | None]):
    """Dismissed with what is to be done with the lesson; None: nothing."""

    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    LessonOverview Frame { width: 90%; max-width: 92; max-height: 90%; }
    LessonOverview VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    LessonOverview Label { max-width: 100%; }
    LessonOverview Static { margin-bottom: 1; padding-right: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,H,shift+h,q", "dismiss(None)", "close", tooltip="Back to the lab; the lesson goes on."),
        Binding("enter", "onward", "go on", tooltip="Go on where the lesson waits for you; else back to the lab."),
        Binding("s", "dismiss('skip')", "skip", tooltip="Go on to the next step of the lesson without this one."),
        Binding("b", "dismiss('begin')", "begin", tooltip="Begin the lesson again; the run stays as it is."),
        Binding("l", "dismiss('leave')", "leave", tooltip="Leave the lesson; the run stays as it is."),
    ]

    def __init__(self, view: LessonView, behind: tuple[str, ...], *, left_here: bool = False) -> None:
        """`behind` are the steps done; `left_here`: an earlier sitting ended here, or the lesson was left."""
        super().__init__()
        self._view, self._behind, self._left_here = view, behind, left_here
        over = view.done == view.steps
        self._onward: Wish | None = "leave" if over else None if view.awaits else "skip"

    def compose(self) -> ComposeResult:
        """Steps behind, the present one with its hint, keys."""
        view = self._view
        with Frame():
            yield Label(f"lesson: {view.title}, {view.count}", classes="headline", markup=False)
            with VerticalScroll():
                if self._left_here:
                    yield Static(LEFT_HERE, markup=False)
                for text in self._behind:
                    yield Static(Content.assemble((f"{DONE} ", "$lab-good"), prose(text)))
                yield Static(Content.assemble((f"{NOW} ", "bold $lab-accent"), prose(view.text)))
                if view.awaits:
                    yield Static(waits(view))
                if view.hint:
                    yield Static(Content.assemble(("hint  ", "bold"), prose(view.hint)))
            onward = {"leave": "enter ends the lesson · ", "skip": "enter goes on · "}.get(self._onward or "", "")
            skips = "s skips · " if view.awaits else ""
            yield Label(f"{onward}esc closes · {skips}b begins again · l leaves", classes="hint")

    def action_onward(self) -> None:
        """What enter does."""
        self.dismiss(self._onward)
