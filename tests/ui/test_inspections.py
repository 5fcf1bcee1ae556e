"""When the lab looks inside the run, and when it does not."""

import pytest

from nnlab.ui.inspections import EVERY, REST, Inspections
from nnlab.wire.events import Inspected, InspectionRefused


@pytest.fixture
def asked():
    return []


@pytest.fixture
def looks(asked) -> Inspections:
    def send(kind: str) -> int:
        asked.append(kind)
        return len(asked)

    return Inspections(send)


def test_the_next_look_waits_for_the_answer_and_for_its_time(looks, asked) -> None:
    looks.want(("surface",), 1, 0.0)
    looks.want(("surface",), 2, 10.0)
    assert asked == ["surface"]
    assert looks.take(Inspected(1, "surface", (), (), id=1), 0.0)
    looks.want(("surface",), 2, EVERY / 2)
    assert asked == ["surface"]
    looks.want(("surface",), 2, EVERY)
    assert asked == ["surface", "surface"]


def test_a_run_that_stands_still_is_looked_at_once(looks, asked) -> None:
    looks.want(("surface",), 1, 0.0)
    looks.take(Inspected(1, "surface", (), (), id=1), 0.0)
    looks.want(("surface",), 1, 100.0)
    assert asked == ["surface"]
    looks.want(("weights",), 1, 100.0)
    assert asked == ["surface", "weights"]


def test_the_same_step_of_another_line_is_looked_at_again(looks, asked) -> None:
    looks.want(("surface",), 1, 0.0)
    looks.take(Inspected(1, "surface", (), (), id=1), 0.0)
    looks.look_anew()
    assert "surface" in looks.answers
    looks.want(("surface",), 1, 10.0)
    assert asked == ["surface", "surface"]


def test_a_round_waits_for_all_its_answers(looks, asked) -> None:
    looks.want(("similarities", "spectrum"), 1, 0.0)
    assert asked == ["similarities", "spectrum"]
    looks.take(Inspected(1, "similarities", (), (), id=1), 0.0)
    looks.want(("similarities", "spectrum"), 2, 10.0)
    assert len(asked) == 2
    looks.take(InspectionRefused(1, "spectrum", "no towers", 2), 0.0)
    looks.want(("similarities", "spectrum"), 2, 10.0)
    assert len(asked) == 4


def test_answers_to_others_and_of_an_earlier_run_are_not_ours(looks) -> None:
    looks.want(("surface",), 1, 0.0)
    assert not looks.take(Inspected(1, "surface", (), (), id=9), 0.0)
    looks.forget()
    assert not looks.take(Inspected(1, "surface", (), (), id=1), 0.0)
    assert looks.answers == {}


def test_looks_that_take_long_are_rare(looks, asked) -> None:
    looks.want(("surface",), 1, 0.0)
    looks.take(Inspected(1, "surface", (), (), id=1), 0.3)
    looks.want(("surface",), 2, REST * 0.3 - 0.1)
    assert len(asked) == 1
    looks.want(("surface",), 2, REST * 0.3)
    assert len(asked) == 2
