"""The live feed against a real process on a real socket."""

import os
from pathlib import Path
from typing import Any

import pytest

from nnlab.client import live, runtime
from nnlab.client.launch import Aside
from nnlab.client.live import LiveFeed
from nnlab.client.upkeep import in_use, writer
from nnlab.telemetry.history import History
from nnlab.wire import commands, events


def until(feed: LiveFeed, kind: type[Any], count: int = 1) -> list[events.Event]:
    """Everything up to the `count`-th event of a kind, or the end."""
    found: list[events.Event] = []
    while sum(isinstance(event, kind) for event in found) < count and not feed.over:
        found += feed.poll(30.0)
    return found


def test_a_run_from_start_to_stop(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=7)
    told = until(feed, events.StateChanged, 2)
    assert isinstance(told[0], events.RunStarted)
    assert told[-1] == events.StateChanged(100, "finished")
    history = History(told[0].info)
    assert [boundary for event in told for boundary in history.feed(event)] == list(range(0, 101, 10))
    process = feed._process
    feed.close()
    assert process is not None
    assert process.returncode == 0
    assert feed.poll(0.0) == [events.StateChanged(100, "stopped")]
    assert feed.over


def test_commands_before_the_engine_listens_are_kept_in_order(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=7, paused=True)
    feed.send(commands.Run(10))
    feed.send(commands.Turn("lr", 0.5, 3))
    told = [event for event in until(feed, events.StateChanged, 3) if not isinstance(event, events.Frame)]
    assert told[1:] == [
        events.StateChanged(0, "paused"),
        events.StateChanged(0, "running"),
        events.KnobTurned(0, "lr", 0.1, 0.5, 0.5, "user", 3),
        events.StateChanged(10, "paused"),
    ]
    feed.close()
    feed.close()


def test_an_engine_that_dies_while_starting_is_lost_with_its_log(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=1)
    (lost,) = until(feed, events.EngineLost)
    assert isinstance(lost, events.EngineLost)
    assert lost.code == 1
    assert lost.log.rstrip().endswith("ModuleNotFoundError: No module named 'torch'")
    feed.close()


def test_an_engine_that_is_killed_is_lost(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=3)
    *_, lost = until(feed, events.EngineLost)
    assert lost == events.EngineLost(-9, "about to be killed\n")
    feed.send(commands.Pause())
    feed.close()


def test_an_engine_that_says_why_it_fails_is_not_lost_as_well(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=2)
    told = until(feed, events.RunFailed)
    feed.close()
    assert not any(isinstance(event, events.EngineLost) for event in (*told, *feed.poll(0.0)))


def test_an_engine_that_will_not_stop_is_killed(loaded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_PATIENCE", 0.2)
    feed = LiveFeed.start(loaded, seed=4)
    until(feed, events.StateChanged, 2)
    process = feed._process
    feed.close()
    assert process is not None
    assert process.returncode == -9


def test_closing_before_the_engine_listens_leaves_nothing(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=7)
    process = feed._process
    feed.close()
    assert process is not None
    assert process.returncode is not None


def test_who_only_watches_leaves_the_engine_running(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=7, paused=True)
    until(feed, events.StateChanged)
    watcher = LiveFeed.attach(feed.place.socket)
    watcher.close()
    feed.send(commands.Run(10))
    assert until(feed, events.StateChanged, 2)[-1] == events.StateChanged(10, "paused")
    feed.close()


def test_attaching_to_nothing_is_told(loaded: Any, tmp_path: Path) -> None:
    feed = LiveFeed.attach(tmp_path / "gone.sock")
    (lost,) = until(feed, events.EngineLost)
    assert isinstance(lost, events.EngineLost)
    assert "No such file" in lost.log
    feed.close()


def test_poll_does_not_wait_when_told_so(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=7, paused=True)
    until(feed, events.StateChanged)
    assert feed.poll(0.0) == []  # a paused engine says nothing more: who waits for it waits for ever
    feed.close()


def test_engines_are_listed_while_they_answer(loaded: Any) -> None:
    feed = LiveFeed.start(loaded, seed=7, paused=True)
    until(feed, events.RunStarted)
    (engine,) = runtime.engines()
    assert (engine.scenario, engine.seed, engine.place) == ("fake", 7, feed.place)
    feed.close()
    assert list(runtime.engines()) == []


def test_an_engine_that_reads_a_run_again_does_not_count_as_its_writer(loaded: Any, tmp_path: Path) -> None:
    file = tmp_path / "r.nnlab"
    feed = LiveFeed.start(loaded, seed=7, paused=True, record=str(file), resume=True, aside=Aside(rereads=True))
    until(feed, events.RunStarted)
    (engine,) = runtime.engines()
    assert engine.aside
    assert (in_use(), writer(file)) == (frozenset(), None)
    feed.abandon()
    assert list(runtime.engines()) == []


def test_a_runtime_folder_open_to_others_is_refused(loaded: Any, tmp_path: Path) -> None:
    (tmp_path / "nnlab").mkdir()
    (tmp_path / "nnlab").chmod(0o755)
    with pytest.raises(runtime.RuntimeFolderError, match="closed to others"):
        LiveFeed.start(loaded, seed=7)
    (tmp_path / "nnlab").chmod(0o700)


def test_a_path_too_long_for_a_socket_is_not_used(loaded: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    assert runtime.folder() == Path(f"/tmp/nnlab-{os.getuid()}")
