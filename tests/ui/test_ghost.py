"""The ghost of the last turn, and what it caused, in the lab over scripted engines."""

from array import array
from dataclasses import replace

import pytest

from nnlab.client.scripted import ScriptedFeed
from nnlab.diagnosis.finding import Diagnosis
from nnlab.telemetry.history import History
from nnlab.trials.effect import KIND, Effect, Turned, to_text
from nnlab.trials.twins import Twins
from nnlab.ui.panels.keybar import KeyBar
from nnlab.ui.screens.lab import LabScreen
from nnlab.ui.session import Session
from nnlab.ui.views import ghost, journal, plots
from nnlab.ui.views.diagnosis import diagnosis
from nnlab.wire import commands, events

TURN = events.KnobTurned(40, "lr", 0.1, 0.01, 0.01, "user")
FOUND = Effect(
    (Turned("lr", 0.1, 0.01),), 40, 70, "val/loss", 3, 0.2, 0.4, 0.01, 50,
    courses={"train/loss": ((41, 60, 70), (0.5, 0.4, 0.4)), "val/accuracy": ((50, 60), (0.5, 0.5))},
)  # fmt: skip
SAID = "lr 0.1 → 0.01 caused: validation loss 0.2 instead of 0.4 (better), visible since step 50"


class Doctor:
    """Has nothing to say."""

    def look(self, history: History) -> Diagnosis:
        """Nothing."""
        return Diagnosis(history.step, "undecided")

    def apart(self) -> "Doctor":
        """Another one."""
        return self


@pytest.fixture
def told(info, frame):
    """80 steps, a turn at 40, and what it caused."""
    effect = events.Marked(70, KIND, to_text(FOUND))
    return [events.RunStarted(info), events.StateChanged(0, "running"), frame(0, 40), TURN, frame(40, 80), effect]


def twinned(story, engine) -> Session:
    """A session whose turns begin twins in this engine."""
    return Session(story.feed, doctor=lambda _: Doctor(), twins=Twins(lambda *_: engine, story.feed.send, wanted=True))


def drawn(session) -> dict[str, list[int]]:
    """The ghosts in the plot of the loss, with their steps."""
    seen = ghost.ghost(session.history, session.twins.present)
    view = plots.plot_view(plots.LOSS, session.history, (), ghost=seen)
    return {line.label: line.steps.tolist() for line in view.lines if line.role == "ghost" and line.faint}


def test_what_a_turn_caused_is_told_and_drawn_in_a_recording_too(story, told) -> None:
    session = story.session()
    story.feed.add(*told)
    session.advance(10.0)
    rows = journal.journal(session.history, None).rows
    assert (rows[0].at, rows[0].glyph, rows[0].text) == ("70", "◌", SAID)
    assert diagnosis(session).twin == SAID
    assert drawn(session) == {"train untouched": [41, 60, 70]}


def test_a_later_turn_lays_the_ghost_of_the_last_one(story, told) -> None:
    session = story.session()
    story.feed.add(*told, replace(TURN, step=80))
    session.advance(10.0)
    assert drawn(session) == {}
    assert diagnosis(session).twin == ""


def test_an_effect_of_another_version_does_no_harm(story, told) -> None:
    session = story.session()
    story.feed.add(*told[:-1], events.Marked(70, KIND, "{}"))
    session.advance(10.0)
    assert drawn(session) == {}
    assert "another version" in journal.journal(session.history, None).rows[0].text


def test_the_twin_at_work_is_drawn_as_far_as_it_has_come(story, told, tmp_path) -> None:
    steps = array("q", range(40, 65))
    frame = events.Frame(65, ("train/loss",), (steps,), (array("d", [0.5] * 25),))
    session = twinned(story, ScriptedFeed([events.StateChanged(40, "running"), frame]))
    story.feed.add(*told[:-1])
    session.advance(10.0)
    assert diagnosis(session).twin == "runs along untouched from step 40"
    (asked,) = (sent for sent in story.feed.sent if isinstance(sent, commands.Save))
    story.feed.add(events.Saved(40, asked.id))
    while not drawn(session) or session.twins.present.history.step < 65:
        session.advance(10.0)
    assert drawn(session) == {"train untouched": list(range(39, 65))}
    session.close()


async def test_g_takes_the_twin_away_and_has_the_next_turn_begin_one(story, told, until) -> None:
    session = twinned(story, ScriptedFeed())
    story.session = lambda: session
    story.feed.add(*told[:-1])
    app = story.app()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LabScreen) and session.twins.busy)
        await pilot.press("G")
        assert not session.twins.on
        assert not session.twins.busy
        await pilot.press("G")
        assert session.twins.on
        assert "ghost" not in str(app.screen.query_one(KeyBar).render())
    app.end()
