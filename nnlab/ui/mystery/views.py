"""What is told of a game: one line while it goes on, a page when it is over."""

from nnlab.encyclopaedia import book
from nnlab.mystery import board
from nnlab.mystery.answers import bug, words
from nnlab.mystery.game import WRONG_ANSWERS, Game, Reply
from nnlab.mystery.score import CURE, NAME, SAVED, score
from nnlab.ui import format as write
from nnlab.ui.views.page import Page, Section

REPLIES: dict[Reply, str] = {
    "right": "Right.",
    "symptom": "The doctor sees that too, but it follows from what is wrong. That costs nothing: look further.",
    "wrong": "No, it is something else.",
    "known": "You have named that cause already.",
}
"""What is said of an answer."""

SHOWN = 5
"""Lines of the scoreboard on the page."""


def case_line(game: Game, trouble: str = "") -> tuple[str, ...]:
    """Parts, from the one wanted most to the least."""
    played = game.played()
    wanted = "the twin trains" if game.target is None else f"val/loss ≤ {write.number(game.target, 3)}"
    wrong = f", {played.wrong} of {WRONG_ANSWERS} wrong" if played.wrong else ""
    return (
        f"level {game.mystery.code.level}",
        f"named {played.named} of {played.causes}{wrong}",
        "cured" if played.cured else "not cured",
        f"no twin: {trouble}" if trouble else wanted,
        "over" if game.over else f"{write.count(game.steps)} / {write.count(game.budget)} steps",
        write.plural(played.interventions, "change"),
        write.plural(played.hints, "hint"),
    )


def result_page(game: Game, results: tuple[board.Result, ...]) -> Page:
    """Score, what was hidden, code, and the best of the board. Reads files: not for the thread that paints."""
    played, points = game.played(), score(game.played())
    code = game.mystery.code
    wrong, steps = write.plural(played.wrong, "wrong answer"), write.count(played.steps)
    lines = [
        f"{points.name:3} of {NAME}  the name: {played.named} of {played.causes}, {wrong}",
        f"{points.cure:3} of {CURE}  the cure: {_cure(game)}",
        f"{points.saved:3} of {SAVED}  what was saved: {steps} of {write.count(played.budget)} steps trained",
    ]
    if played.hints:
        lines.append(f"{-points.hints:3}        {write.plural(played.hints, 'hint')}")
    sections = [Section("Score", "\n".join(lines)), *(_told(game, place) for place in range(played.causes))]
    sections.append(Section("Pass it on", f"`nnlab mystery --seed {code}` is the same mystery, bit for bit."))
    rows = best(results, code.level, SHOWN)
    if rows:
        sections.append(Section(f"The best of level {code.level}", "\n".join(rows)))
    return Page(f"Mystery {code}: {points.total} of {NAME + CURE + SAVED}", "", tuple(sections))


def best(results: tuple[board.Result, ...], level: int, most: int) -> tuple[str, ...]:
    """The best of a level on the scoreboard, a line each."""
    return tuple(map(_row, [row for row in results if row.level == level][:most]))


def _cure(game: Game) -> str:
    changes = write.plural(game.interventions, "change")
    if game.cured:
        return f"healthy again after {changes}"
    return "given up" if game.given_up else f"not found, {changes}"


def _told(game: Game, place: int) -> Section:
    cause = game.mystery.causes[place]
    answer = cause.answers[0]
    settings = ", ".join(f"{key} = {write.knob(_plain(game.mystery.settings[key]))}" for key in cause.settings)
    cure = ", ".join(f"{key} = {write.knob(_plain(value))}" for key, value in {**cause.cure, **cause.restart}.items())
    how = "What cures it from the start:" if cause.restart else "What cures it:"
    why = "" if bug(answer) else f"\n{book.entry(answer).why}"
    return Section(f"It was: {words(answer)}", f"{cause.told} ({settings})\n{how} {cure}.{why}")


def _plain(value: object) -> str | int | float | bool:
    return (
        value if isinstance(value, str | int | float | bool) else str(list(value)) if isinstance(value, tuple) else ""
    )


def _row(row: board.Result) -> str:
    cured = "cured" if row.cured else "not cured"
    return f"{row.score:3}  {row.player}, {row.code}, named {row.named} of {row.causes}, {cured}"
