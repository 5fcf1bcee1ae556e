"""The end of a mystery, as the scoreboard takes it."""

from datetime import UTC, datetime

from nnlab.mystery.board import Result
from nnlab.mystery.game import Game
from nnlab.mystery.score import score


def result(game: Game, player: str) -> Result:
    """What the player has made of it, now."""
    played, code = game.played(), game.mystery.code
    return Result(
        str(code), code.level, player, score(played).total, played.named, played.causes, played.cured,
        played.interventions, played.hints, played.steps, datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip
