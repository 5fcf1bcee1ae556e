"""A recording tells the run as the engine told it."""

import math
from array import array
from pathlib import Path

import pytest

from nnlab.client.recorded import RecordedFeed
from nnlab.runs import retell
from nnlab.runs.recorder import Recorder
from nnlab.telemetry.history import History
from nnlab.wire.commands import Inspect, Pause, Turn
from nnlab.wire.events import Event, Frame, InspectionRefused, KnobRefused, KnobTurned, Marked, RunStarted, StateChanged
from nnlab.wire.values import KnobSpec, RunInfo, SeriesSpec

INFO = RunInfo(
    "r", "demo", "", "mlp", "", 7, "cpu", 100, 8, 10, 20, 5, 10,
    knobs=(KnobSpec("lr", "lr", 0.1, "log"),),
    series=(SeriesSpec("train/loss", ""), SeriesSpec("val/loss", "", every=20)),
)  # fmt: skip


def record(path: Path, ended: bool = True) -> None:
    """A run of 100 steps with a turn at 37, written late and in another order than it is told."""
    recorder = Recorder.create(path, INFO)
    recorder.tell(StateChanged(0, "running"))
    recorder.tell(KnobTurned(37, "lr", 0.1, 9.0, 9.0, "user"))
    recorder.tell(Marked(30, "finding", "told late"))
    recorder.scalars("val/loss", range(0, 101, 20), [2.0] * 6)
    recorder.scalars("train/loss", range(100), [math.nan if step == 63 else 1.0 / (1 + step) for step in range(100)])
    if ended:
        recorder.tell(StateChanged(100, "finished"))
        recorder.tell(StateChanged(100, "stopped"))
    recorder.close()


def read(feed: RecordedFeed) -> list[Event]:
    """Everything that it tells."""
    told: list[Event] = []
    while not feed.done:
        told += feed.poll(0.0)
    return told


@pytest.mark.parametrize("chunk", [1, 7, 1024])
def test_events_stand_where_they_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(retell, "CHUNK", chunk)
    record(tmp_path / "a.nnlab")
    feed = RecordedFeed(tmp_path / "a.nnlab")
    told = read(feed)
    assert told[0] == RunStarted(INFO)
    turn = told.index(KnobTurned(37, "lr", 0.1, 9.0, 9.0, "user"))
    before = [event for event in told[:turn] if isinstance(event, Frame)]
    after = [event for event in told[turn:] if isinstance(event, Frame)]
    assert before[-1].step == 37
    assert [step for one in before for step in column(one, "train/loss")] == list(range(37))
    assert [step for one in before for step in column(one, "val/loss")] == [0, 20]
    assert [step for one in after for step in column(one, "train/loss")] == list(range(37, 100))
    assert told[turn + 1] == Marked(30, "finding", "told late")
    assert told[-2:] == [StateChanged(100, "finished"), StateChanged(100, "stopped")]
    history = History(INFO)
    boundaries = [boundary for event in told for boundary in history.feed(event)]
    assert boundaries == sorted({*range(0, 101, 10), 64})
    assert history.get("train/loss") is not None
    feed.close()


def column(frame: Frame, name: str) -> "array[int]":
    return frame.steps[frame.series.index(name)] if name in frame.series else array("q")


def test_a_recording_that_was_cut_off_ends_all_the_same(tmp_path: Path) -> None:
    record(tmp_path / "a.nnlab", ended=False)
    told = read(RecordedFeed(tmp_path / "a.nnlab"))
    assert told[-1] == StateChanged(100, "stopped", "the recording ends here")


def test_a_recording_can_be_neither_steered_nor_looked_into(tmp_path: Path) -> None:
    record(tmp_path / "a.nnlab")
    feed = RecordedFeed(tmp_path / "a.nnlab")
    read(feed)
    feed.send(Pause())
    feed.send(Turn("lr", 1.0, 5))
    feed.send(Inspect("weights", 6))
    refused, unseen = feed.poll(0.0)
    assert unseen == InspectionRefused(
        100, "weights", "this is a recording, which keeps the series and not the model", 6
    )
    assert isinstance(refused, KnobRefused)
    assert (refused.step, refused.knob, refused.id) == (100, "lr", 5)
    assert "recording" in refused.reason
    feed.close()
    assert feed.poll(0.0) == []
