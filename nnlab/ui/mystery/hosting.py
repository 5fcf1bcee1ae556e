"""Mysteries in the lab: who plays, the games begun, and the screen of each. Imports nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.screen import Screen

from nnlab.ui.mystery.target import TARGET
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from nnlab.mystery.game import Game
    from nnlab.ui.app import Starter
    from nnlab.ui.arrangements import Arrangements
    from nnlab.ui.session import Session


@dataclass(frozen=True, slots=True)
class Seat:
    """Who plays mysteries: a name for the scoreboard and its file (None: the user's own), and where they train."""

    player: str | None = None
    scores: Path | None = None
    device: str = "cpu"


class Hosting(App[int]):
    """An app whose runs may be mysteries."""

    seat = Seat()
    games: "dict[str, Game]"
    """Games begun, by their codes: a run that begins again goes on with its game."""
    arrangements: "Arrangements"
    _target: str | None
    _starter: "Starter"
    _low_bandwidth: bool

    def starter_of(self, target: str) -> "Starter":
        """What starts it: a mystery has a start of its own."""
        return self.sit_down if target.startswith(TARGET) else self._starter

    def sit_down(self, target: str, _: Mapping[str, KnobValue]) -> "Session":
        """Begin a mystery, or the run of one again. Raises UserError."""
        from nnlab.ui.mystery.start import sit_down  # noqa: PLC0415 - after the first picture

        code = target.removeprefix(TARGET)
        session = sit_down(code, self.games.get(code), self.seat.device)
        self.games[code] = session.game
        return session

    def screen_of(self, session: "Session") -> Screen[None]:
        """The table of a game, or the lab."""
        from nnlab.ui.screens.lab import LabScreen  # noqa: PLC0415 - after the first picture

        if (self._target or "").startswith(TARGET):
            from nnlab.mystery import board  # noqa: PLC0415 - only for mysteries
            from nnlab.ui.mystery.screen import MysteryScreen  # noqa: PLC0415 - as above
            from nnlab.ui.mystery.session import MysterySession  # noqa: PLC0415 - as above

            assert isinstance(session, MysterySession)
            scores = self.seat.scores or board.place()
            return MysteryScreen(session, board.player(self.seat.player), scores, low_bandwidth=self._low_bandwidth)
        return LabScreen(session, low_bandwidth=self._low_bandwidth, arrangements=self.arrangements)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A report would tell what is hidden."""
        game = self.games.get((self._target or "").removeprefix(TARGET))
        if action == "report" and game is not None and not game.over:
            return False
        return super().check_action(action, parameters)
