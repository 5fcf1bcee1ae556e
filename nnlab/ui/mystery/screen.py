"""The lab screen with a mystery on it."""

import asyncio
import itertools
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from nnlab.errors import UserError
from nnlab.mystery import board
from nnlab.mystery.answers import bug, choices, words
from nnlab.mystery.changes import CHANGES
from nnlab.mystery.code import anyone
from nnlab.mystery.ending import result
from nnlab.mystery.game import WRONG_ANSWERS
from nnlab.ui.messages import Again, OpenScenario
from nnlab.ui.mystery import views
from nnlab.ui.mystery.choose import Choose
from nnlab.ui.mystery.result import ResultScreen, What
from nnlab.ui.mystery.session import MysterySession
from nnlab.ui.mystery.target import TARGET
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.screens.lab_keys import LAB_KEYS

GIVE_UP = "give up"

WIDE = 110
"""Columns from which the parts of the game's line stand further apart."""

PLAYED_WITH = frozenset(
    (
        *("pause", "resume", "step", "run_steps", "restart", "slower", "faster", "evaluate"),
        *("look_now", "undo", "redo", "snapshot", "branches"),
        *("view", "toggle_view", "toggle_maximised", "focus_knobs", "focus_charts", "focus_diagnosis", "story"),
        *("reset_optimizer", "gallery"),
    )
)
"""What the lab's keys do that gives nothing away; everything else waits for the end of the game."""


class MysteryScreen(LabScreen, inherit_bindings=False):
    """A run whose fault is to be named and cured."""

    topic = "the mystery"
    HELP = (
        "Something is wrong with this run, and names, reasons and remedies are hidden. Look at the plots and "
        "layers, turn knobs, and say what it is. The score counts the right name, the cure with few changes, and "
        "the steps that were not needed; hints cost ten points each."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A,shift+a", "name", "name it", tooltip="Say what is wrong with the run, from a list; or give up."),
        Binding("H,shift+h", "hint", "hint", tooltip="Take the next of three hints; each costs ten points."),
        Binding("C,shift+c", "change", "change", tooltip="Begin the run again with a setting that no knob turns."),
        Binding("A,shift+a", "result", "result", tooltip="Show the result and what was hidden."),
        *LAB_KEYS,
    ]
    DEFAULT_CSS = """
    MysteryScreen #top { height: 3; }
    MysteryScreen #case { height: 1; padding: 0 1; }
    """

    session: MysterySession

    def __init__(self, session: MysterySession, player: str, scores: Path, *, low_bandwidth: bool = False) -> None:
        super().__init__(session, low_bandwidth=low_bandwidth)
        self._player, self._scores = player, scores
        self._line: tuple[str, ...] = ()
        self._ended = session.game.over
        self._praised = session.game.cured

    def on_mount(self) -> None:
        """The game's own line stands under the status."""
        self.query_one("#top").mount(Static(id="case"))

    @on(Resize)
    def _lay_out_anew(self) -> None:
        """The line is laid out for one width."""
        self._line = ()

    async def _tick(self) -> None:
        await super()._tick()
        if not self.is_mounted or self.app.screen is not self:
            return
        line = views.case_line(self.session.game, self.session.trouble)
        if line != self._line:
            self._line = line
            self.query_one("#case", Static).update(_told(line, self.size.width - 2))
        game = self.session.game
        if game.cured and not game.over and not self._praised:
            self._praised = True
            self.notify("What was it? A names it.", title="cured")
        if game.over and not self._ended:
            self._ended = True
            self.session.lift()
            self._repaint()
            self.refresh_bindings()
            await self._note()
            await self.action_result()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the game goes on, what gives nothing away."""
        game = self.session.game
        if action in {"name", "hint", "change"}:
            return not game.over and self.session.info is not None and (action != "name" or game.may_answer)
        if action == "result":
            return game.over
        allowed = game.over or action in PLAYED_WITH
        return allowed and super().check_action(action, parameters)

    def action_name(self) -> None:
        """Choose a name."""
        game = self.session.game
        left_over = (name for name in choices(game.mystery) if name not in game.answers)
        listed = [(name, f"a bug: {words(name)}" if bug(name) else words(name)) for name in left_over]
        left = WRONG_ANSWERS - game.wrong
        question = f"What is wrong with this run?  {left} wrong {'answer' if left == 1 else 'answers'} left"
        self.app.push_screen(Choose(question, [*listed, (GIVE_UP, "I give up: tell me")]), self._answered)

    def _answered(self, name: str | None) -> None:
        game = self.session.game
        if name == GIVE_UP:
            game.given_up = True
        elif name is not None:
            reply = game.answer(name, self.session.seen)
            self.app.clear_notifications()
            self.notify(
                views.REPLIES[reply], title=words(name), severity="information" if reply == "right" else "warning"
            )
        self._repaint()

    def action_hint(self) -> None:
        """Take one."""
        hint = self.session.game.hint(self.session.seen)
        self.app.clear_notifications()
        self.notify(hint or "There are no more hints.", title="hint", timeout=15, markup=False)

    def action_change(self) -> None:
        """Choose a setting and begin again with it."""
        offered = CHANGES[self.session.game.mystery.sick.scenario.family]
        listed = [(str(place), change.text) for place, change in enumerate(offered)]

        def chosen(place: str | None) -> None:
            if place is not None:
                change = offered[int(place)]
                self.session.game.begin_again(change.text, {**self.session.turned(), **change.settings})
                self.post_message(Again())

        self.app.push_screen(Choose("Begin the run again with", listed), chosen)

    async def action_result(self) -> None:
        """Show it."""
        results = await asyncio.to_thread(self._results)
        page = await asyncio.to_thread(views.result_page, self.session.game, results)
        self.app.push_screen(ResultScreen(page), self._after)

    def _results(self) -> tuple[board.Result, ...]:
        try:
            return board.results(self._scores)
        except UserError:
            return ()

    def _after(self, what: What | None) -> None:
        match what:
            case "new":
                self.post_message(OpenScenario(TARGET + str(anyone(self.session.game.mystery.code.level))))
            case "gallery":
                self.action_gallery()
            case "quit":
                self.app.exit()

    async def _note(self) -> None:
        """Write the result on the scoreboard."""
        try:
            await asyncio.to_thread(board.add, self._scores, result(self.session.game, self._player))
        except UserError as error:
            self.notify(str(error), title="scoreboard", severity="warning", markup=False)


def _told(line: tuple[str, ...], width: int) -> Content:
    """As many of the parts as fit into so many cells."""
    gap = "  ·  " if width >= WIDE else " · "
    ends = itertools.accumulate(len(part) + len(gap) for part in line)
    fitting = [part for part, end in zip(line, ends, strict=True) if end - len(gap) <= width]
    parts = [Content.styled(fitting[0], "bold $lab-accent"), *map(Content, fitting[1:])]
    return Content.styled(gap, "$lab-muted").join(parts)
