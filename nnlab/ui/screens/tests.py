"""The menu of named tests, and the screen that shows one at work and what came of it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Label, OptionList, Static
from textual.widgets.option_list import Option

from nnlab.ui.charts.plotext_figure import curves_text
from nnlab.ui.panels.prose import prose
from nnlab.ui.panels.tones import TONES
from nnlab.ui.screens.frame import Frame
from nnlab.ui.testing import Outcome, Testing
from nnlab.ui.views.tests import OutcomeView, Row, outcome_view, rows
from nnlab.wire.named_tests import NamedTest

LOOK_AGAIN = 0.2
"""Seconds between two looks at a test that is at work."""

PICTURE_HEIGHT = (9, 18)
"""Rows of the picture, at least and at most."""


class ChooseTest(ModalScreen[str | None]):
    """Chooses a named test by its number, the arrows or the mouse; None when the user thinks better of it."""

    DEFAULT_CSS = """
    ChooseTest Frame { width: 90%; max-width: 84; max-height: 90%; }
    ChooseTest OptionList { height: auto; max-height: 1fr; border: none; padding: 0; background: $lab-surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,t,q", "dismiss(None)", "close", tooltip="Close without doing anything."),
        *(Binding(str(key), f"number({key})", "take", show=False, tooltip="Take this test.") for key in range(1, 10)),
    ]

    def __init__(self, rows: tuple[Row, ...]) -> None:
        super().__init__()
        self._rows = rows

    def compose(self) -> ComposeResult:
        """A line for each test: its number, what it asks, and what it said last."""
        with Frame():
            yield Label("tests on a copy of the run", classes="headline")
            yield OptionList(*(Option(_row(row), row.id) for row in self._rows), compact=True)
            yield Label("number or enter takes a test, the run goes on; esc closes", classes="hint")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Taken by enter or the mouse."""
        self.dismiss(event.option.id)

    def action_number(self, number: int) -> None:
        """Taken by its number."""
        if number <= len(self._rows):
            self.dismiss(self._rows[number - 1].id)


class OutcomeScreen(ModalScreen[None]):
    """A named test at work, then its verdict, picture, meaning, what to do and details."""

    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = """
    OutcomeScreen Frame { width: 95%; max-width: 110; max-height: 95%; }
    OutcomeScreen Frame .headline { width: 100%; max-width: 100%; margin: 0; }
    OutcomeScreen VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    OutcomeScreen VerticalScroll > Static { margin-top: 1; padding-right: 1; }
    OutcomeScreen #picture { text-wrap: nowrap; text-overflow: clip; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,t,q,enter", "dismiss(None)", "close", tooltip="Back to the lab; a test at work goes on."),
        Binding("r", "again", "again", tooltip="Take the test again, on the run as it stands now."),
        Binding("c", "cancel", "cancel", tooltip="End the test at work."),
    ]

    def __init__(self, outcome: Outcome, again: Callable[[], Outcome], cancel: Callable[[], None]) -> None:
        super().__init__()
        self._outcome, self._again, self._cancel = outcome, again, cancel

    def compose(self) -> ComposeResult:
        """Texts, all filled by `_tell`."""
        with Frame():
            yield Label(self._outcome.test.title, classes="headline", markup=False)
            with VerticalScroll():
                for part in ("verdict", "picture", "means", "details"):
                    yield Static(id=part)
            yield Label(classes="hint", markup=False)

    def on_mount(self) -> None:
        """Follow the test."""
        self._tell()
        self.set_interval(LOOK_AGAIN, self._follow)

    def on_resize(self, _: Resize) -> None:
        """The picture is as wide as there is room."""
        self.call_after_refresh(self._tell)

    def action_again(self) -> None:
        """Take the test again."""
        if not self._outcome.busy:
            self._outcome = self._again()
            self._tell()

    def action_cancel(self) -> None:
        """End the test."""
        if self._outcome.busy:
            self._cancel()
            self._tell()

    def _follow(self) -> None:
        hint = self.query_one(".hint", Label)
        if self._outcome.busy or hint.has_class("-busy"):
            self._tell()

    def _tell(self) -> None:
        view = outcome_view(self._outcome)
        lines = {
            "verdict": Content.assemble((view.verdict, f"bold {TONES[view.tone]}"), "\n", view.sentence),
            "picture": Content(self._picture(view)),
            "means": _means(view),
            "details": Content("\n").join(Content(line) for line in view.details),
        }
        for name, line in lines.items():
            text = self.query_one(f"#{name}", Static)
            text.display = bool(line.plain)
            text.update(line)
        hint = self.query_one(".hint", Label)
        hint.set_class(view.busy, "-busy")
        hint.update("esc closes, the test goes on · c cancels it" if view.busy else "esc closes · r takes it again")

    def _picture(self, view: OutcomeView) -> str:
        if view.picture is None:
            return ""
        least, most = PICTURE_HEIGHT
        width = max(40, self.query_one(VerticalScroll).size.width - 2)
        return curves_text(view.picture, width, min(max(self.size.height // 2 - 2, least), most)).rstrip()


def offer(app: App[int], testing: Testing, tests: tuple[NamedTest, ...]) -> None:
    """Let the user choose a test; show its last outcome, or begin it."""

    def take(chosen: str | None) -> None:
        test = next((test for test in tests if test.id == chosen), None)
        if test is not None:
            _show(app, testing, testing.outcomes.get(test.id) or testing.start(test))

    app.push_screen(ChooseTest(rows(tests, testing.outcomes)), take)


def begin(app: App[int], testing: Testing, test: NamedTest) -> None:
    """Take a test, and show it; where another one is at work, that one is shown."""
    _show(app, testing, testing.start(test))


def _show(app: App[int], testing: Testing, outcome: Outcome) -> None:
    app.push_screen(OutcomeScreen(outcome, lambda: testing.start(outcome.test), testing.cancel))


def _row(row: Row) -> Content:
    said = f"\n   {row.verdict}" if row.verdict else ""
    return Content.assemble(f"{row.key}  ", (row.title, "bold"), f"  {row.asks}", said)


def _means(view: OutcomeView) -> Content:
    parts = [Content.assemble(("means ", "$lab-muted"), view.means)] if view.means else []
    if view.weighs:
        parts.append(Content.assemble(("weighs ", "$lab-muted"), view.weighs))
    if view.todo:
        parts.append(Content.styled("What to do, in this order", "bold"))
        parts += [
            Content.assemble((f"{number} ", "$lab-accent"), prose(item)) for number, item in enumerate(view.todo, 1)
        ]
    return Content("\n").join(parts)
