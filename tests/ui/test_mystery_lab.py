"""A mystery in the lab: what is hidden, what can be won, and the end of it."""

from array import array
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from nnlab.client.scripted import ScriptedFeed
from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.mystery import board
from nnlab.mystery.code import parse
from nnlab.mystery.game import Game
from nnlab.mystery.generate import mystery
from nnlab.ui.app import LabApp
from nnlab.ui.controls.slider import Slider
from nnlab.ui.mystery.choosing import Mysteries
from nnlab.ui.mystery.hosting import Seat
from nnlab.ui.mystery.screen import MysteryScreen
from nnlab.ui.mystery.session import MysterySession
from nnlab.ui.mystery.target import TARGET
from nnlab.ui.panels.diagnosis import DiagnosisPanel
from nnlab.ui.panels.journal import JournalPanel
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.story import UNTOLD
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow

CODE = "2HX-VS4"
"""A learning rate that is too high."""
LEARNING = Finding("learning", "note", 0.9, 40, 40, None, "It learns.")


class Doctor:
    """Sees a rate that is too high until step 60."""

    def __init__(self, info: object) -> None:
        pass

    def look(self, history) -> Diagnosis:
        """The diagnosis at this boundary."""
        if history.step < 60:
            found = Finding("lr-too-high", "critical", 0.9, 0, 10, None, "The steps are too long.")
            return Diagnosis(history.step, "lr-too-high", found, (found,), (found,))
        return Diagnosis(history.step, "learning", None, (LEARNING,), (LEARNING,))

    def apart(self) -> "Doctor":
        """It knows nothing that could change."""
        return self


class Table(LabApp):
    """The lab at a mystery whose engine is scripted, and whose twin came to a loss of 1."""

    def __init__(self, scores: Path) -> None:
        super().__init__(TARGET + CODE, self.sit_down)
        self.seat = Seat("Ada", scores)
        self.feed = ScriptedFeed()
        self.game = Game(mystery(parse(CODE)))

    def sit_down(self, target: str, _: object) -> MysterySession:
        self.opened = target
        self.games[CODE] = self.game
        return MysterySession(self.feed, self.game, UNTOLD, twin=lambda game, called_off: 1.0, doctor=Doctor)


@pytest.fixture
def table(tmp_path, info, frame):
    """The engine has trained 20 steps."""
    app = Table(tmp_path / "scores.jsonl")
    app.feed.add(events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 20))
    return app


def at_table(app):
    """Whether the game can be played."""
    return lambda: isinstance(app.screen, MysteryScreen) and len(app.screen.query(Slider)) > 0 and app.session.seen


def told_at_the_end(app, *wanted: str):
    """Whether the result is on the screen and says this."""
    return lambda: (
        type(app.screen).__name__ == "ResultScreen"
        and all(text in "".join(str(part.render()) for part in app.screen.query(Static)) for text in wanted)
    )


def case(app) -> str:
    """The game's own line."""
    return str(app.screen.query_one("#case", Static).render())


async def test_names_reasons_and_knobs_are_hidden(table, until) -> None:
    async with table.run_test(size=(120, 40)) as pilot:
        await until(pilot, at_table(table))
        view = table.screen.query_one(DiagnosisPanel).view
        assert (view.mode, view.evidence, view.remedies) == ("something wrong", (), ())
        assert table.session.seen.verdict == "lr-too-high"
        assert table.session.veiled == {"lr", "dropout", "flip_gradient"}
        told = [row.text for row in table.screen.query_one(JournalPanel).view.rows]
        assert not [text for text in told if "rate" in text or "lr" in text]
        noted = "".join(sent.text for sent in table.feed.sent if isinstance(sent, commands.Remark))
        assert "lr-too-high" in noted
        assert "something-wrong" not in noted
        keys = {does for _, _, does in table.screen.query_one(KeyBar).keys}
        assert {"name it", "hint", "change"} <= keys
        assert not {"explain", "tests", "remedy", "report"} & keys
        for key in ("x", "t", "1", "R"):
            await pilot.press(key)
        assert isinstance(table.screen, MysteryScreen)
        assert not table.check_action("report", ())


async def test_a_turned_knob_shows_what_it_holds_and_is_a_change(table, until) -> None:
    async with table.run_test(size=(120, 40)) as pilot:
        await until(pilot, at_table(table))
        await pilot.press("k", "right")
        turn = next(sent for sent in table.feed.sent if isinstance(sent, commands.Turn))
        table.feed.add(events.KnobTurned(20, "lr", 0.1, turn.value, turn.value, "user", turn.id))
        await until(pilot, lambda: "1 change" in case(table))
        assert table.session.veiled == {"dropout", "flip_gradient"}


async def test_r_keeps_the_knobs(table, until) -> None:
    async with table.run_test(size=(120, 40)) as pilot:
        await until(pilot, at_table(table))
        await pilot.press("r")
        assert commands.Restart(keep_knobs=True) in table.feed.sent


async def test_named_and_cured_is_the_end(table, until, frame, tmp_path) -> None:
    async with table.run_test(size=(120, 40)) as pilot:
        await until(pilot, at_table(table))
        await pilot.press("A")
        await until(pilot, lambda: type(table.screen).__name__ == "Choose")
        options = table.screen.query_one(OptionList)
        options.highlighted = options.get_option_index("lr-too-high")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(table.screen, MysteryScreen) and "named 1 of 1" in case(table))
        table.game.turned("lr")
        for begin, end in ((20, 60), (60, 70), (70, 80), (80, 90)):
            table.feed.add(with_validation(frame(begin, end)))
        await until(pilot, told_at_the_end(table, "It was: lr too high", f"nnlab mystery --seed {CODE}"))
        (result,) = board.results(tmp_path / "scores.jsonl")
        assert (result.player, result.cured, result.named, result.code) == ("Ada", True, 1, CODE)
        await pilot.press("escape")
        await until(pilot, lambda: table.screen.query_one(DiagnosisPanel).view.word == "learning")
        assert table.session.veiled == frozenset()


async def test_who_gives_up_is_told(table, until) -> None:
    async with table.run_test(size=(80, 24)) as pilot:
        await until(pilot, at_table(table))
        await pilot.press("A")
        await until(pilot, lambda: type(table.screen).__name__ == "Choose")
        await pilot.press("end", "enter")
        await until(pilot, told_at_the_end(table, "given up"))
        assert table.game.given_up


async def test_a_hint_costs_and_a_change_begins_again(table, until) -> None:
    async with table.run_test(size=(120, 40)) as pilot:
        await until(pilot, at_table(table))
        await pilot.press("H")
        await until(pilot, lambda: "1 hint" in case(table))
        table.feed.add(events.RunStarted(table.session.info))
        await pilot.press("C")
        await until(pilot, lambda: type(table.screen).__name__ == "Choose")
        before = table.session
        await pilot.press("enter")
        await until(pilot, lambda: table.session is not before and isinstance(table.screen, MysteryScreen))
        assert table.game.settings == {"model.hidden": (32, 32)}
        assert table.game.interventions == 1


async def test_the_gallery_has_mysteries_with_the_scoreboard(table, until) -> None:
    board.add(table.seat.scores, board.Result(CODE, 1, "Grace", 77, 1, 1, True, 1, 0, 900, "2026-11-20T10:00:00+00:00"))
    table.section = "mysteries"
    table._target = None
    async with table.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(table.screen, Mysteries) and "Grace" in told(table))
        await pilot.press("down")
        await until(pilot, lambda: "Nobody has played level 2" in told(table))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(table.focused, Input))
        await pilot.press(*CODE[:-1], "5", "enter")
        assert "a character is wrong" in str(table.screen.query_one("#said", Static).content)
        await pilot.press("backspace", CODE[-1])
        await until(pilot, lambda: "Grace" in told(table))
        await pilot.press("enter")
        await until(pilot, at_table(table))
        assert table.opened == TARGET + CODE
        await pilot.press("g")
        await until(pilot, lambda: isinstance(table.screen, Mysteries))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(table.screen, MysteryScreen))
        assert parse(table.opened.removeprefix(TARGET)).level == 3


def told(app) -> str:
    """What stands beside the levels."""
    return "".join(str(part.render()) for part in app.screen.query("#told"))


def with_validation(sent: events.Frame) -> events.Frame:
    """The frame with an evaluation at its end."""
    point = array("q", [sent.step]), array("d", [0.5])
    return replace(
        sent, series=(*sent.series, "val/loss"), steps=(*sent.steps, point[0]), values=(*sent.values, point[1])
    )
