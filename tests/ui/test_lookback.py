"""Looks inside a run at the step that is looked at, in a copy of it; the copy is a scripted one."""

from dataclasses import replace

import pytest

from nnlab.client.scripted import ScriptedFeed
from nnlab.errors import UserError
from nnlab.ui.explaining import UNRECORDED
from nnlab.ui.lookback import RESTED, UNUSED, WRITTEN, Lookback, Spot
from nnlab.wire import commands
from nnlab.wire.events import EngineLost, Inspected, InspectionRefused, Refused, RunFailed

HERE, THERE = Spot(0, 40), Spot(1, 60)


class Scripted(ScriptedFeed):
    """A copy that says what it is told to."""

    def abandon(self) -> None:
        self.close()


@pytest.fixture
def copies() -> list[Scripted]:
    return []


@pytest.fixture
def lookback(copies) -> Lookback:
    def make(_: object) -> Scripted:
        copies.append(Scripted())
        return copies[-1]

    return Lookback(make)


def rest(lookback: Lookback, info, spot: Spot, *kinds: str, now: float = 0.0) -> float:
    """Look at a step for long enough; when that is."""
    lookback.look(info, spot, kinds, now)
    lookback.look(info, spot, kinds, now + RESTED)
    return now + RESTED


def test_the_copy_goes_to_where_the_cursor_rests_and_is_asked_once(lookback, copies, info) -> None:
    lookback.look(info, THERE, ("surface",), 0.0)
    lookback.look(info, HERE, ("surface",), RESTED)
    assert copies == []
    now = rest(lookback, info, HERE, "surface", "weights", now=RESTED)
    lookback.look(info, HERE, ("surface", "weights"), now + 1)
    [copy] = copies
    assert copy.sent == [commands.Switch(0, 40), commands.Inspect("surface", 1), commands.Inspect("weights", 2)]
    surface, weights = Inspected(40, "surface", (), (), id=1), InspectionRefused(40, "weights", "none", 2)
    copy.add(surface)
    assert lookback.advance(now + 1)
    assert lookback.answers(HERE) == {"surface": surface}
    copy.add(weights)
    assert lookback.advance(now + 1)
    assert not lookback.advance(now + 1)
    rest(lookback, info, THERE, "surface", now=now + 2)
    assert copy.sent[3:] == [commands.Switch(1, 60), commands.Inspect("surface", 3)]
    rest(lookback, info, HERE, "surface", "weights", now=now + 3)
    assert len(copy.sent) == 5
    assert lookback.answers(HERE) == {"surface": surface, "weights": weights}


def test_what_was_asked_for_another_step_is_not_taken_for_this_one(lookback, copies, info) -> None:
    now = rest(lookback, info, HERE, "surface")
    rest(lookback, info, THERE, "surface", now=now)
    assert len(copies[0].sent) == 2
    copies[0].add(Inspected(40, "surface", (), (), id=1))
    assert lookback.advance(now + 1)
    assert lookback.answers(THERE) == {}
    lookback.look(info, THERE, ("surface",), now + 1)
    assert copies[0].sent[2:] == [commands.Switch(1, 60), commands.Inspect("surface", 2)]


def test_a_recording_is_looked_into_on_its_own_line(lookback, copies, info) -> None:
    rest(lookback, info, Spot(-1, 40), "surface")
    assert copies[0].sent[0] == commands.Rewind(40)


def test_a_step_that_the_copy_does_not_know_is_looked_for_in_a_new_one(lookback, copies, info) -> None:
    now = rest(lookback, info, HERE, "surface")
    copies[0].add(Refused(0, "switch", "this line goes to step 30"))
    assert lookback.advance(now)
    assert copies[0].closed
    assert lookback.missing == ""
    lookback.look(info, HERE, ("surface",), now + WRITTEN / 2)
    assert len(copies) == 1
    lookback.look(info, HERE, ("surface",), now + WRITTEN)
    copies[1].add(Refused(0, "switch", "this line goes to step 30"))
    assert lookback.advance(now + WRITTEN)
    assert lookback.missing == "this line goes to step 30"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (RunFailed(0, "made by an earlier nnlab", ""), "made by an earlier nnlab"),
        (EngineLost(9, "killed\n"), "killed"),
        (EngineLost(9, ""), "the copy of the run was lost"),
    ],
)
def test_a_copy_that_fails_is_told_and_the_next_step_has_another(lookback, copies, info, event, words) -> None:
    now = rest(lookback, info, HERE, "surface")
    copies[0].add(event)
    assert lookback.advance(now)
    assert (lookback.missing, copies[0].closed) == (words, True)
    rest(lookback, info, HERE, "surface", now=now)
    assert len(copies) == 1
    rest(lookback, info, THERE, "surface", now=now + 1)
    assert len(copies) == 2


def test_where_there_can_be_no_copy_the_reason_is_told(copies, lookback, info) -> None:
    rest(lookback, replace(info, run_file=""), HERE, "surface")
    assert (lookback.missing, copies) == (UNRECORDED, [])

    def make(_: object) -> Scripted:
        raise UserError("no room for sockets")

    broken = Lookback(make)
    rest(broken, info, HERE, "surface")
    assert broken.missing == "no room for sockets"


def test_a_copy_that_nobody_asks_is_given_up_and_so_is_that_of_another_run(lookback, copies, info) -> None:
    now = rest(lookback, info, HERE, "surface")
    assert not lookback.advance(now + UNUSED + 1)
    assert copies[0].closed
    now = rest(lookback, info, THERE, "surface", now=now + UNUSED + 2)
    rest(lookback, replace(info, run_id="r2"), THERE, "surface", now=now)
    assert [copy.closed for copy in copies] == [True, True, False]
    lookback.close()
    assert copies[2].closed
