"""The lab opened on a mystery; whatever else is opened from it is opened as usual."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen

from nnlab.ui.app import LabApp
from nnlab.ui.mystery.target import TARGET
from nnlab.ui.presenting import present
from nnlab.wire.values import KnobValue

if TYPE_CHECKING:
    from nnlab.mystery.game import Game
    from nnlab.ui.session import Session


class MysteryApp(LabApp):
    """`player` and `scores` are for the scoreboard."""

    def __init__(
        self, code: str, player: str, scores: Path, device: str, theme: str | None, *, low_bandwidth: bool
    ) -> None:
        super().__init__(TARGET + code, self._start, theme, low_bandwidth=low_bandwidth)
        self._player, self._scores, self._device = player, scores, device
        self._games: dict[str, Game] = {}

    def screen_of(self, session: "Session") -> Screen[None]:
        """The table of a game, or the lab."""
        from nnlab.ui.mystery.screen import MysteryScreen  # noqa: PLC0415 - after the first picture
        from nnlab.ui.mystery.session import MysterySession  # noqa: PLC0415 - as above

        if isinstance(session, MysterySession):
            return MysteryScreen(session, self._player, self._scores, low_bandwidth=self._low_bandwidth)
        return super().screen_of(session)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A report would tell what is hidden."""
        game = self._games.get((self._target or "").removeprefix(TARGET))
        if action == "report" and game is not None and not game.over:
            return False
        return super().check_action(action, parameters)

    def _start(self, target: str, settings: Mapping[str, KnobValue]) -> "Session":
        """Begin a mystery, or the run of one again; or start a scenario. Raises UserError."""
        from nnlab.ui.mystery.start import sit_down  # noqa: PLC0415 - after the first picture
        from nnlab.ui.start import Options, start  # noqa: PLC0415 - as above

        if not target.startswith(TARGET):
            return start(target, settings, Options(self._device))
        code = target.removeprefix(TARGET)
        session = sit_down(code, self._games.get(code), self._device)
        self._games[code] = session.game
        return session


def play(
    code: str, *, player: str, scores: Path, device: str = "auto", theme: str | None = None, low_bandwidth: bool = False
) -> int:
    """Open the lab on a mystery; the exit status."""
    return present(MysteryApp(code, player, scores, device, theme, low_bandwidth=low_bandwidth))
