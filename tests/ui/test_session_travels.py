"""A session that travels on the lines of a real engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nnlab.client.live import LiveFeed
from nnlab.scenario.load import load_text
from nnlab.ui.session import Session
from nnlab.ui.start import replayed
from nnlab.ui.views.branches import parting, rows
from nnlab.ui.views.knobs import knobs
from nnlab.wire import commands, events

pytestmark = pytest.mark.slow

SCENARIO = """
title = "Two moons"
[data]
kind = "moons"
samples = 200
[model]
kind = "mlp"
hidden = [8]
[objective]
kind = "cross_entropy"
[train]
steps = 400
pace = 0
"""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session over an engine that waits at step 0."""
    loaded = load_text(SCENARIO, "moons", tmp_path)
    feed = LiveFeed.start(loaded, seed=3, device="cpu", record=str(tmp_path / "a.nnlab"), paused=True)
    session = Session(feed)
    yield session
    session.close()


def wait(session: Session, done: Callable[[], object]) -> None:
    """Take events in until something holds; each poll waits for the next event."""
    for _ in range(3000):
        session.advance(1.0)
        if done():
            return
        session._inbox.extend(session._feed.poll(0.05))
    raise AssertionError("it never came")


def arrival(session: Session) -> events.Event:
    wait(session, lambda: session.journeys.arrivals)
    return session.journeys.arrivals.popleft()


def run_to(session: Session, step: int) -> None:
    session.run(step - session.step)
    wait(session, lambda: session.step == step and session.state == "paused")


def test_back_a_change_a_branch_and_back_again(session: Session, tmp_path: Path) -> None:
    wait(session, lambda: session.state == "paused")
    history = session.history
    assert history is not None
    run_to(session, 200)
    losses = history.get("train/loss").values.tolist()
    verdict = session.past.at(100)

    session.travel(commands.Rewind(101))
    assert arrival(session) == events.Rewound(101, 0)
    assert history.get("train/loss").values.tolist() == losses[:101]
    assert session.past.at(100) == verdict and session.past.at(150).step <= 101

    session.turn("lr", 1.0)
    assert isinstance(arrival(session), events.Branched)
    run_to(session, 200)
    assert dict(knobs(session).values)["lr"] == 1.0
    assert dict(knobs(session, 100).values)["lr"] == history.info.knobs[0].value
    main, branch = rows(session, frozenset())
    assert (main.differs, main.end, branch.current, parting(history, 0)) == ("lr 0.001", "to 200", True, 101)

    session.travel(commands.NameBranch(1, "hot"))
    assert arrival(session) == events.BranchNamed(1, "hot")
    session.travel(commands.Switch(0))
    assert arrival(session) == events.Rewound(200, 0)
    wait(session, lambda: history.step == 200)
    assert history.get("train/loss").values.tolist() == losses
    assert dict(knobs(session).values)["lr"] == history.info.knobs[0].value

    session.travel(commands.Rewind(500))
    refused = arrival(session)
    assert isinstance(refused, events.Refused) and "from step 0 to step 200" in refused.reason
    session.travel(commands.Undo())
    assert "nothing to undo" in arrival(session).reason
    session.stop()
    session.close()

    again = replayed(str(tmp_path / "a.nnlab"), 0.0)
    wait(again, lambda: again.state == "finished")
    assert again.history.get("train/loss").values.tolist() == losses
    again.close()


def test_undo_and_redo(session: Session) -> None:
    wait(session, lambda: session.state == "paused")
    run_to(session, 50)
    session.turn("lr", 1.0)
    run_to(session, 80)
    session.travel(commands.Undo())
    assert arrival(session) == events.Rewound(50, 0)
    run_to(session, 80)
    assert dict(knobs(session).values)["lr"] == 0.001
    session.travel(commands.Redo())
    assert arrival(session) == events.Branched(1, 0, 50, "without lr 1.0")
    assert arrival(session) == events.Rewound(80, 0)
    assert dict(knobs(session).values)["lr"] == 1.0
