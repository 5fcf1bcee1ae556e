"""A mystery in plain lines: name what is wrong, and cure it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from nnlab.errors import UserError
from nnlab.mystery import board
from nnlab.mystery.answers import bug, choices, words
from nnlab.mystery.changes import CHANGES
from nnlab.mystery.ending import result
from nnlab.mystery.game import WRONG_ANSWERS, Game
from nnlab.plain.companion import BeginAgain
from nnlab.plain.orders import Order
from nnlab.scenario.keys import nearest
from nnlab.ui import format as write
from nnlab.ui.mystery.session import MysterySession
from nnlab.ui.mystery.views import REPLIES, case_line, result_page
from nnlab.ui.session import Session

ADDS = {
    "name": ("[NAME]", "say what is wrong, such as lr-too-high; without a name, list all names"),
    "hint": ("", "the next of three hints; each costs ten points"),
    "change": ("[N]", "begin the run again with a setting that no knob turns; without a number, list them"),
    "game": ("", "how the game stands"),
    "give-up": ("", "end the game and be told"),
}


class MysteryCompanion:
    """The game beside the run. `player` and `scores` are for the scoreboard."""

    adds: Mapping[str, tuple[str, str]] = ADDS
    takes_away = frozenset({"apply", "rewind"})

    def __init__(self, player: str, scores: Path) -> None:
        self._player, self._scores = player, scores
        self._aimed = self._praised = self._ended = False

    def heard(self, order: Order) -> None:
        """Nothing that is typed is waited for."""

    def tell(self, session: Session) -> Iterator[str]:
        """What a cured run must reach, that it is cured, and the end."""
        assert isinstance(session, MysterySession)
        game = session.game
        if game.target is not None and not self._aimed:
            self._aimed = True
            yield f"the healthy twin is trained: a run is cured at a validation loss of {write.number(game.target, 3)}"
        if game.cured and not self._praised:
            self._praised = True
            yield "cured" if game.over else "cured. What was it? name says so"
        if game.over and not self._ended:
            self._ended = True
            session.lift()
            yield from self._end(game)

    def do(self, order: Order, session: Session, begin_again: BeginAgain) -> Iterable[str]:
        """Answer, help or begin again. Raises UserError."""
        assert isinstance(session, MysterySession)
        game = session.game
        if order.name == "game":
            return (", ".join(case_line(game, session.trouble)),)
        if game.over:
            raise UserError("the game is over")
        match order.name:
            case "name":
                return self._named(order.words, session)
            case "hint":
                return (game.hint(session.seen) or "there are no more hints",)
            case "give-up":
                game.given_up = True
                return ()
        return self._changed(order.words, session, begin_again)

    def _named(self, typed: tuple[str, ...], session: MysterySession) -> tuple[str, ...]:
        game = session.game
        known = {_typed(name): name for name in choices(game.mystery)}
        if not typed:
            return tuple(f"{name}{' (a bug)' if bug(known[name]) else ''}" for name in known)
        if not game.may_answer:
            raise UserError("no answer counts any more: cure it")
        wanted = typed[0].lower().replace("_", "-")
        if wanted not in known:
            guess = nearest(wanted, known)
            hint = f"did you mean {guess}?" if guess else "name lists them"
            raise UserError(f'"{wanted}" is none of the names; {hint}')
        reply = game.answer(known[wanted], session.seen)
        left = WRONG_ANSWERS - game.wrong
        return (f"{words(known[wanted])}: {REPLIES[reply]} {write.plural(left, 'wrong answer')} left",)

    def _changed(self, typed: tuple[str, ...], session: MysterySession, begin_again: BeginAgain) -> tuple[str, ...]:
        offered = CHANGES[session.game.mystery.sick.scenario.family]
        if not typed:
            return tuple(f"{number}: {change.text}" for number, change in enumerate(offered, 1))
        if not typed[0].isdecimal() or not 1 <= int(typed[0]) <= len(offered):
            raise UserError(f'change takes a number from 1 to {len(offered)}, got "{typed[0]}"')
        change = offered[int(typed[0]) - 1]
        session.game.begin_again(change.text, {**session.turned(), **change.settings})
        begin_again({})
        return ()

    def _end(self, game: Game) -> Iterator[str]:
        try:
            board.add(self._scores, result(game, self._player))
            results = board.results(self._scores)
        except UserError as error:
            yield f"scoreboard: {error}"
            results = ()
        page = result_page(game, results)
        yield page.title
        for section in page.sections:
            yield f"{section.heading}:"
            yield from (f"  {line}" for line in section.text.replace("`", "").splitlines())


def _typed(name: str) -> str:
    """A name as it is typed: without blanks."""
    return words(name).replace(" ", "-").lower()
