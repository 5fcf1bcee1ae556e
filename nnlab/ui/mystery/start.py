"""From the code of a mystery to its session."""

from nnlab.client.live import LiveFeed
from nnlab.mystery.code import parse
from nnlab.mystery.game import Game
from nnlab.mystery.generate import mystery
from nnlab.runs.folder import new_file
from nnlab.trials.cure import begun_again
from nnlab.ui.mystery.session import MysterySession
from nnlab.ui.story import Story


def sit_down(code: str, game: Game | None, device: str) -> MysterySession:
    """A session over the engine of a mystery; `game` goes on, None begins one.

    Raises UserError.
    """
    game = game or Game(mystery(parse(code)))
    loaded = begun_again(game.mystery.sick, game.settings) if game.settings else game.mystery.sick
    scenario = loaded.scenario
    feed = LiveFeed.start(
        loaded,
        seed=scenario.seed,
        device=device,
        record=str(new_file(loaded.name, scenario.seed)),
        pace=scenario.train.pace,
        name="mystery",
    )
    told = game.mystery.sick.scenario
    return MysterySession(feed, game, Story(told.title, told.summary, told.story), pace=told.train.pace)
