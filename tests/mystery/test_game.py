"""What a game counts, and what the judge and the score make of it."""

import pytest

from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding
from nnlab.mystery.code import parse
from nnlab.mystery.game import BUDGET, HINTS, WRONG_ANSWERS, Game
from nnlab.mystery.generate import mystery
from nnlab.mystery.score import Played, score

TOO_HIGH = "2HX-VS4"
"""A learning rate that is too high."""
TWO_CAUSES = "3G0-0AD"
"""A rate too low, and wrong labels."""


def game(code: str = TOO_HIGH, target: float | None = 0.1) -> Game:
    """A new one."""
    return Game(mystery(parse(code)), target)


def seen(step: int, verdict: str = "learning", *modes: str) -> Diagnosis:
    """What the doctor sees."""
    evidence = (Evidence("grad/norm", "long", 9.0, 1.0),)
    found = tuple(Finding(mode, "critical", 0.9, 0, 10, None, "so it is", evidence=evidence) for mode in modes)
    return Diagnosis(step, verdict, found[0] if found else None, found, found)


def test_the_right_name_ends_the_search_for_it() -> None:
    played = game()
    assert played.answer("overfitting", None) == "wrong"
    assert played.answer("overfitting", None) == "known"
    assert played.answer("dead-units", seen(20, "lr-too-high", "lr-too-high", "dead-units")) == "symptom"
    assert played.answer("lr-too-high", None) == "right"
    assert (played.named, played.wrong, played.may_answer) == (1, 1, False)


def test_of_two_causes_each_must_be_named() -> None:
    played = game(TWO_CAUSES)
    assert [played.answer(name, None) for name in ("label-noise", "lr-too-low")] == ["right", "right"]
    assert played.named == 2


def test_a_cure_is_healthy_and_as_good_as_the_twin_twice_in_a_row() -> None:
    played = game()
    for step in (90, 100):
        played.look(seen(step), [0.01] * 3)
    assert not played.cured, "nothing was changed yet"
    played.turned("lr")
    played.look(seen(200), [0.01] * 3)
    played.look(seen(210), [5.0, 5.0, 0.01])
    played.look(seen(220, "lr-too-high", "lr-too-high"), [0.01] * 3)
    played.look(seen(230), [0.01] * 3)
    assert not played.cured
    played.look(seen(240), [0.01] * 3)
    assert played.cured
    assert not played.over, "the name is still to be won"
    played.answer("lr-too-high", None)
    assert played.over


def test_no_twin_no_verdict() -> None:
    played = game(target=None)
    played.turned("lr")
    played.look(seen(100), [0.0] * 3)
    played.look(seen(110), [0.0] * 3)
    assert not played.cured


def test_turns_of_one_knob_in_one_go_are_one_change() -> None:
    played = game()
    for knob, steps in (("lr", 1), ("lr", 1), ("dropout", 1), ("lr", 100), ("lr", 0)):
        played.turned(knob)
        played.trained(steps)
    assert played.interventions == 4
    assert played.touched == {"lr", "dropout"}


@pytest.mark.parametrize("end", ["steps", "given up", "answers"])
def test_a_game_ends(end: str) -> None:
    played = game()
    if end == "steps":
        played.trained(BUDGET * played.planned)
    elif end == "given up":
        played.given_up = True
    else:
        played.cured = True
        for name in ("overfitting", "plateau", "nonfinite", "bad-init")[:WRONG_ANSWERS]:
            played.answer(name, None)
    assert played.over
    steps = played.steps
    played.trained(10)
    assert played.steps == steps
    assert played.hint(None) == ""


def test_hints_say_more_and_more_and_then_no_more() -> None:
    played = game()
    hints = [played.hint(seen(50, "lr-too-high", "lr-too-high")) for _ in range(HINTS + 1)]
    assert "setting" in hints[0]
    assert "grad/norm" in hints[1]
    assert "lr" in hints[2]
    assert hints[3] == ""
    assert played.hints == HINTS


def test_the_score() -> None:
    best = Played(causes=1, named=1, cured=True, wrong=0, hints=0, interventions=1, steps=0, budget=4500)
    assert score(best).total == 100
    usual = Played(causes=2, named=1, cured=True, wrong=1, hints=1, interventions=4, steps=2250, budget=4500)
    points = score(usual)
    assert (points.name, points.cure, points.saved, points.hints, points.total) == (15, 30, 10, 10, 45)
    nothing = Played(causes=1, named=0, cured=False, wrong=3, hints=3, interventions=9, steps=4500, budget=4500)
    assert score(nothing).total == 0
