"""A recording that plays: at its pace, paused, gone back in, and always the same run."""

import math
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnlab.client.replayed import ReplayedFeed, cut
from nnlab.runs.errors import RunFileError
from nnlab.runs.recorder import Recorder
from nnlab.telemetry.history import History
from nnlab.wire import commands
from nnlab.wire.events import Frame, KnobRefused, KnobTurned, Refused, RunStarted, StateChanged
from nnlab.wire.frames import frame
from nnlab.wire.values import KnobSpec, RunInfo, SeriesSpec

INFO = RunInfo(
    "r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 20, 5, 10,
    knobs=(KnobSpec("lr", "lr", 0.1, "log"),),
    series=(SeriesSpec("train/loss", ""), SeriesSpec("val/loss", "", every=20)),
)  # fmt: skip


class Clock:
    """Goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 100 steps that was paused and turned at 37."""
    path = tmp_path_factory.mktemp("runs") / "a.nnlab"
    recorder = Recorder.create(path, INFO)
    recorder.tell(StateChanged(0, "running"))
    recorder.tell(StateChanged(37, "paused"))
    recorder.tell(KnobTurned(37, "lr", 0.1, 9.0, 9.0, "user"))
    recorder.scalars("val/loss", range(0, 101, 20), [2.0] * 6)
    recorder.scalars("train/loss", range(100), [1.0 / (1 + step) for step in range(100)])
    recorder.tell(StateChanged(100, "finished"))
    recorder.tell(StateChanged(100, "stopped"))
    recorder.close()
    return path


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feed(path: Path, clock: Clock) -> Iterator[ReplayedFeed]:
    feed = ReplayedFeed(path, 10.0, clock)
    yield feed
    feed.close()


def poll(feed: ReplayedFeed, history: History, clock: Clock, seconds: float) -> tuple[list[int], str]:
    """Play for a while: the boundaries that come, and the state at the end of it."""
    clock.now += seconds
    state, boundaries = "", []
    for event in feed.poll(0.0):
        state = event.state if isinstance(event, StateChanged) else state
        boundaries += list(history.feed(event))
    return boundaries, state


def seen(history: History) -> tuple[object, ...]:
    points = {name: history.get(name) for name in history.names()}
    return (
        history.step,
        {name: (series.steps.tolist(), series.values.tolist()) for name, series in points.items() if series},
        history.turns,
    )


def test_it_plays_at_its_pace_pauses_and_ends(feed: ReplayedFeed, clock: Clock) -> None:
    history = History(INFO)
    poll(feed, history, clock, 2.5)
    assert history.step == 25
    feed.send(commands.Pause())
    assert poll(feed, history, clock, 2.0) == ([], "paused")
    feed.send(commands.Run(3))
    poll(feed, history, clock, 9.0)
    assert history.step == 28
    feed.send(commands.Resume())
    feed.send(commands.Pace(0.0))
    poll(feed, history, clock, 0.1)
    boundaries, state = poll(feed, history, clock, 0.1)
    assert (history.step, history.knob("lr"), history.state, state) == (100, 9.0, "finished", "")
    assert boundaries == []
    feed.send(commands.Resume())
    assert any(isinstance(event, RunStarted) for event in feed.poll(0.0))


def test_the_usual_pace_plays_the_whole_in_half_a_minute(path: Path) -> None:
    feed = ReplayedFeed(path)
    assert feed.pace == 3.0
    feed.close()


@given(st.lists(st.one_of(st.floats(0.0, 4.0), st.integers(0, 100)), max_size=12))
def test_whatever_the_viewer_does_the_run_is_the_same(path: Path, deeds: list[float | int]) -> None:
    clock, told = Clock(), History(INFO)
    feed = ReplayedFeed(path, 10.0, clock)
    boundaries: list[int] = []
    for deed in deeds:
        if isinstance(deed, int) and deed <= told.step:
            feed.send(commands.Rewind(deed))
            boundaries = poll(feed, told, clock, 0.0)[0]
            assert told.step == deed
        else:
            boundaries += poll(feed, told, clock, float(deed) if isinstance(deed, float) else 0.1)[0]
    boundaries += poll(feed, told, clock, 100.0)[0]
    straight = History(INFO)
    later = Clock()
    whole = ReplayedFeed(path, 10.0, later)
    expected = poll(whole, straight, later, 100.0)[0]
    assert seen(told) == seen(straight)
    assert boundaries == expected
    feed.close()
    whole.close()


def test_beyond_what_was_played_it_cannot_go(feed: ReplayedFeed, clock: Clock) -> None:
    poll(feed, History(INFO), clock, 1.0)
    feed.send(commands.Rewind(50))
    (refused,) = [event for event in feed.poll(0.0) if isinstance(event, Refused)]
    assert "from step 0 to step 10" in refused.reason


def test_nothing_can_be_changed(feed: ReplayedFeed) -> None:
    feed.poll(0.0)
    feed.send(commands.Turn("lr", 1.0, 5))
    feed.send(commands.Undo())
    refused = feed.poll(0.0)
    assert [type(event) for event in refused] == [KnobRefused, Refused]
    assert all("recording" in event.reason for event in refused)  # type: ignore[union-attr]


def test_a_run_told_again_is_told_up_to_where_it_stands(feed: ReplayedFeed, clock: Clock) -> None:
    before, after = History(INFO), History(INFO)
    poll(feed, before, clock, 5.0)
    feed.send(commands.Hello())
    poll(feed, after, clock, 0.0)
    assert seen(before) == seen(after)


@given(st.integers(0, 60))
def test_a_frame_is_cut_where_a_history_would(step: int) -> None:
    values = {"train/loss": (range(50), [math.sin(at) for at in range(50)]), "val/loss": ([0, 20, 40], [1, 2, 3])}
    whole = frame(50, values)
    first, rest = cut(whole, step)
    joined = [a + b for a, b in zip(first.steps, rest.steps, strict=True)]
    assert tuple(joined) == whole.steps
    assert all(at < step for at in first.steps[0]) and all(at <= step for at in first.steps[1])
    assert isinstance(rest, Frame) and rest.steps[0] == array("q", range(min(step, 50), 50))


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="there is no run file"):
        ReplayedFeed(tmp_path / "none.nnlab")
