"""The mysteries in the gallery: one of a level that nobody has chosen, or that of a code; and the scoreboard."""

import asyncio
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from nnlab.errors import UserError
from nnlab.mystery import board
from nnlab.mystery.code import HIDDEN, LEVELS, Code, anyone, parse
from nnlab.ui import format as write
from nnlab.ui.messages import OpenScenario, ToGallery
from nnlab.ui.mystery.target import TARGET
from nnlab.ui.mystery.views import best
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.panels.prose import prose
from nnlab.ui.screens.sections import Sections

HOW = (
    "The run has something wrong with it, and title, diagnosis and knobs keep it to themselves. `A` names it, `C` and "
    "the knobs put it right, `H` gives one of three hints. The fewer changes, hints and steps, the more points."
)
LISTED = 50
"""Lines of the scoreboard of a level."""


class Mysteries(Screen[None]):
    """Levels and a line for a code on the left, how it is played and the best of the level on the right.

    `scores` is the scoreboard, None the user's own.
    """

    topic = "mysteries"
    HELP = (
        "Runs with a hidden fault, to be named and cured. Level 1 is one wrong setting, level 2 something with the "
        "data, level 3 a bug or two causes at once. A code gives everyone the same mystery, bit for bit."
    )
    AUTO_FOCUS = "OptionList"
    DEFAULT_CSS = """
    Mysteries #list { width: 42%; min-width: 34; max-width: 56; padding: 0 0 0 1; }
    Mysteries OptionList { height: auto; background: $lab-background; border: none; padding: 0; }
    Mysteries OptionList:focus { border: none; background-tint: $lab-background 0%; }
    Mysteries .heading { text-style: bold; color: $lab-accent; }
    Mysteries #code { margin: 0 1 0 1; background: $lab-panel; }
    Mysteries #said { margin: 0 1 0 1; color: $lab-muted; }
    Mysteries .heading.-further { margin-top: 1; }
    Mysteries #board { width: 1fr; padding: 0 2; border-left: solid $lab-border; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "play", priority=True, tooltip="Play a mystery of this level, or that of the code."),
        Binding("c", "code", "from a code", tooltip="Type the code of a mystery that someone passed on."),
        Binding("escape", "clear", "levels", tooltip="Take the code away and go back to the levels."),
        Binding("g", "scenarios", "scenarios", tooltip="Choose a scenario instead."),
        Binding("r", "runs", "recorded runs", tooltip="Choose a recorded run instead."),
    ]

    def __init__(self, scores: Path | None = None) -> None:
        super().__init__()
        self._scores = scores or board.place()
        self._results: tuple[board.Result, ...] = ()
        self._problem = ""

    def compose(self) -> ComposeResult:
        """Levels, code, scoreboard."""
        yield Sections("mysteries")
        with Horizontal():
            with Vertical(id="list"):
                yield Label("a new one, of level", classes="heading")
                yield OptionList(*(Option(_line(level), str(level)) for level in LEVELS))
                yield Label("one that was passed on", classes="heading -further")
                yield Input(placeholder=f"its code, such as {Code(1, 1)}", id="code", compact=True)
                yield Static(id="said")
            with VerticalScroll(id="board", can_focus=False):
                yield Static(id="told")
        yield KeyBar()

    async def on_mount(self) -> None:
        """Read the scoreboard."""
        try:
            self._results = await asyncio.to_thread(board.results, self._scores)
        except UserError as error:
            self._problem = str(error)
        played = f"{write.plural(len(self._results), 'game')} on the scoreboard" if self._results else ""
        self.query_one(Sections).say(played)
        self._tell()

    def on_option_list_option_highlighted(self) -> None:
        """Show the best of this level."""
        self._tell()

    def on_option_list_option_selected(self) -> None:
        """Play it."""
        self._play(anyone(self._level))

    @property
    def _level(self) -> int:
        """The level that is highlighted."""
        return LEVELS[self.query_one(OptionList).highlighted or 0]

    def _tell(self) -> None:
        """How it is played, and the best of the level: that of the code where one is typed."""
        try:
            level = parse(self.query_one(Input).value).level
        except UserError:
            level = self._level
        rows = best(self._results, level, LISTED)
        nobody = self._problem or f"Nobody has played level {level} yet."
        heads = [f"Level {level}", f"The best of level {level}"]
        told = [f"Hidden is {HIDDEN[level]}. {HOW}", "\n".join(rows) or nobody]
        pairs = zip(heads, told, strict=True)
        blocks = [Content("\n").join([Content.styled(head, "bold"), prose(text)]) for head, text in pairs]
        blocks.append(Content.styled(str(self._scores), "$lab-muted"))
        self.query_one("#told", Static).update(Content("\n\n").join(blocks))

    def on_input_changed(self) -> None:
        """Another code may have another level."""
        self.query_one("#said", Static).update("")
        self._tell()

    def on_key(self, event: Key) -> None:
        """The arrows lead from the code to the levels and back."""
        levels, code = self.query_one(OptionList), self.query_one(Input)
        if self.focused is code and event.key == "up":
            levels.focus()
            event.stop()
        elif self.focused is levels and event.key == "down" and levels.highlighted == len(LEVELS) - 1:
            code.focus()
            event.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """One goes back to the levels from the code only."""
        return action != "clear" or (self.is_mounted and self.focused is self.query_one(Input))

    def action_open(self) -> None:
        """Play the mystery of the code where one is typed, else one of the level."""
        typed = self.query_one(Input).value.strip()
        if self.focused is not self.query_one(Input):
            self._play(anyone(self._level))
            return
        try:
            self._play(parse(typed))
        except UserError as error:
            self.query_one("#said", Static).update(Content(str(error)))

    def _play(self, code: Code) -> None:
        self.post_message(OpenScenario(f"{TARGET}{code}"))

    def action_code(self) -> None:
        """Type a code."""
        self.query_one(Input).focus()

    def action_clear(self) -> None:
        """The levels again."""
        self.query_one(Input).value = ""
        self.query_one(OptionList).focus()

    def action_scenarios(self) -> None:
        """The scenarios."""
        self.post_message(ToGallery("scenarios"))

    def action_runs(self) -> None:
        """The recorded runs."""
        self.post_message(ToGallery("runs"))


def _line(level: int) -> Content:
    return Content.assemble((f" {level}", "bold"), f"  {HIDDEN[level]}")
