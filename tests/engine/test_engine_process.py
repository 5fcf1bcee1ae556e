"""The engine as its clients have it: a process, a socket, a run file, and every way it can end."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nnlab.client.live import LiveFeed
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import load_text
from nnlab.wire.codec import encode
from nnlab.wire.commands import Evaluate, Hello, Pace, Remark, Restart, Resume, Run, Stop, Turn
from nnlab.wire.events import (
    EngineLost,
    Event,
    Frame,
    KnobRefused,
    KnobTurned,
    Marked,
    RunFailed,
    RunStarted,
    StateChanged,
)

pytestmark = pytest.mark.slow

BARRED = ("torch", "nnlab.engine", "textual")
LONG = ("train.steps=1000000", "train.eval_every=5000")


def steps(events: Sequence[Event]) -> int:
    """Steps done as far as the events tell."""
    return max((event.step for event in events if isinstance(event, Frame)), default=0)


def test_a_run_from_the_command_line_to_its_end(kit: Any, points: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m nnlab.engine`, started by the client, is what the other tests fork: the same run, bit for bit."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(kit.folder))
    here = kit.begin("mlp", seed=5).train()
    scenario = load_text(kit_text(kit), name="small", base_dir=kit.folder)
    feed = LiveFeed.start(scenario, seed=5, device="cpu", record=str(kit.folder / "r.nnlab"))
    told: list[Event] = []
    while not any(isinstance(event, StateChanged) and event.state == "finished" for event in told) and not feed.over:
        told += feed.poll(30.0)
    process = feed._process
    feed.close()
    told += feed.poll(0.0)
    assert process is not None
    assert process.returncode == 0
    assert told[-1] == StateChanged(40, "stopped", "")
    assert points(told) == points(here.told)
    with RunFile(kit.folder / "r.nnlab") as file:
        assert file.series("train/loss").steps.tolist() == list(range(40))


def kit_text(kit: Any) -> str:
    text = kit.spec("mlp").toml
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("kind", ["mlp", "towers"])
def test_the_same_bits_whatever_the_pace_the_watchers_and_the_moment_they_come(
    kit: Any, kind: str, points: Any, without_frames: Any
) -> None:
    keys = ("train.steps=16", "model.dropout=0.2")
    here = kit.begin(kind, *keys, at=("5:lr=0.05",)).train()
    live = kit.live(kind, *keys, at=("5:lr=0.05",), pace=40.0)
    second = live.attach()
    beginning = live.until(lambda event: isinstance(event, Frame) and event.step >= 4)
    assert steps(beginning) < 16
    late = live.attach()
    late.send(Pace(0.0))
    first = beginning + live.until_state("finished")
    other, last = live.until_state("finished", second), live.until_state("finished", late)
    assert points(first) == points(other) == points(last) == points(here.told)
    plain = [event for event in without_frames(first) if not (isinstance(event, Marked) and event.kind == "pace")]
    assert plain[1:] == without_frames(here.told)[1:]
    assert without_frames(last) == without_frames(first) == without_frames(other)
    assert isinstance(last[0], RunStarted)


def test_live_turns_replayed_as_a_script_give_the_same_bits(kit: Any, points: Any) -> None:
    """Turns that arrive at any moment of the training take hold at the steps that their answers name."""
    live = kit.live("mlp", "model.dropout=0.2", *LONG, paused=True, pace=150.0)
    live.feed.send(Run(90))
    for i, turn in enumerate([Turn("lr", 0.05), Turn("dropout", 0.5), Turn("optimizer", "sgd"), Turn("batch_size", 9)]):
        live.until(lambda event, i=i: isinstance(event, Frame) and event.step > 10 * i)
        live.feed.send(turn)
    live.feed.send(Pace(0.0))
    live.settle("paused")
    told = live.told
    turns = [event for event in told if isinstance(event, KnobTurned)]
    assert len(turns) == 4
    assert all(0 < event.step < 90 for event in turns)
    script = tuple(f"{event.step}:{event.knob}={event.new}" for event in turns)
    again = kit.begin("mlp", "model.dropout=0.2", *LONG, at=script).train(90)
    assert points(told) == points(again.told)


def states(events: Sequence[Event]) -> list[str]:
    return [event.state for event in events if isinstance(event, StateChanged)]


def test_steering_and_the_way_out(kit: Any, points: Any) -> None:
    record = kit.folder / "run.v1" / "a"
    live = kit.live("mlp", "train.steps=30", record=str(record), paused=True)
    feed = live.feed
    for command in (Run(3), Turn("lr", 0.5, 7, "remedy"), Turn("lr", float("nan"), 8), Evaluate(), Remark("note", "µ")):
        feed.send(command)
    live.until(lambda event: isinstance(event, StateChanged) and event.state == "paused", 2)
    feed.send(Evaluate())
    live.until(lambda event: isinstance(event, Marked) and event.kind == "evaluate")
    turned = next(event for event in live.told if isinstance(event, KnobTurned))
    assert (turned.new, turned.id, turned.source) == (0.5, 7, "remedy")
    refused = next(event for event in live.told if isinstance(event, KnobRefused))
    assert refused.id == 8
    assert "a number from 1e-07 to 100" in refused.reason
    feed.send(Resume())
    live.until_state("finished")
    feed.send(Run(2))
    live.until_state("finished")
    assert states(live.told) == ["paused", "running", "paused", "running", "finished", "running", "finished"]
    assert steps(live.told) == 32

    feed.send(Restart(keep_knobs=True))
    restarted = live.until_state("finished")
    assert states(restarted) == ["stopped", "running", "finished"]
    info = next(event for event in restarted if isinstance(event, RunStarted)).info
    assert info.run_file == str(kit.folder / "run.v1" / "a-2")
    kept = next(event for event in restarted if isinstance(event, KnobTurned))
    assert (kept.step, kept.knob, kept.new) == (0, "lr", 0.5)
    (kit.folder / "run.v1" / "a-3").write_text("somebody else's")
    feed.send(Restart())
    restarted = live.until_state("finished")
    info = next(event for event in restarted if isinstance(event, RunStarted)).info
    assert info.run_file == str(kit.folder / "run.v1" / "a-4")
    assert points(restarted) == points(kit.begin("mlp", "train.steps=30").train().told)

    feed.send(Stop())
    feed.send(Restart())
    live.until_end()
    assert live.told[-1] == StateChanged(30, "stopped", "")
    assert live.exit_code() == 0
    assert not Path(live.spec.socket).exists()
    for name, last in (("a", 32), ("a-2", 30), ("a-4", 30)):
        with RunFile(record.with_name(name)) as file:
            assert file.series("train/loss").steps.tolist() == list(range(last))
            assert list(file.events())[-1] == StateChanged(last, "stopped", "")
        assert not record.with_name(f"{name}-wal").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_engine_in_good_order(kit: Any, number: signal.Signals) -> None:
    live = kit.live("mlp", *LONG, record=str(kit.folder / "r.nnlab"))
    live.until(lambda event: isinstance(event, Frame) and event.step > 50)
    os.kill(live.process.pid, number)
    live.until_end()
    assert live.exit_code() == 0
    last = live.told[-1]
    assert isinstance(last, StateChanged)
    assert last.state == "stopped"
    with RunFile(kit.folder / "r.nnlab") as file:
        assert file.series("train/loss").steps.tolist() == list(range(last.step))


def test_a_killed_engine_leaves_a_good_file_that_lacks_less_than_a_second(kit: Any) -> None:
    """Paced, so that a second is a known number of steps."""
    live = kit.live("mlp", *LONG, record=str(kit.folder / "r.nnlab"), pace=200.0)
    live.until(lambda event: isinstance(event, Frame) and event.step > 300)
    os.kill(live.process.pid, signal.SIGKILL)
    live.until_end()
    assert isinstance(live.told[-1], EngineLost)
    known = steps(live.told)
    connection = sqlite3.connect(kit.folder / "r.nnlab")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    with RunFile(kit.folder / "r.nnlab") as file:
        recorded = file.series("train/loss")
        assert recorded.steps.tolist() == list(range(len(recorded.steps)))
        assert len(recorded.steps) >= known - 200
        loss = {step: value for event in live.told if isinstance(event, Frame) for step, value in _loss(event)}
        assert all(loss[step] == value for step, value in zip(*recorded, strict=True) if step in loss)


def _loss(frame: Frame) -> list[tuple[int, float]]:
    if "train/loss" not in frame.series:
        return []
    at = frame.series.index("train/loss")
    return list(zip(frame.steps[at], frame.values[at], strict=True))


WATCHER = """
import signal, sys
from nnlab.client.live import LiveFeed
print(type(LiveFeed.attach(sys.argv[1]).poll(60.0)[0]).__name__, flush=True)
signal.pause()
"""


def test_a_killed_client_and_one_that_never_reads_stop_nobody(kit: Any, points: Any) -> None:
    live = kit.live("mlp", *LONG, paused=True)
    victim = subprocess.Popen([sys.executable, "-c", WATCHER, live.spec.socket], stdout=subprocess.PIPE)
    deaf = socket.socket(socket.AF_UNIX)
    deaf.connect(live.spec.socket)
    deaf.sendall(encode(Hello()))
    assert victim.stdout is not None
    with victim, deaf:
        assert victim.stdout.readline() == b"RunStarted\n"
        live.feed.send(Run(200))
        live.until(lambda event: isinstance(event, Frame) and event.step > 20)
        victim.kill()
    live.settle("paused")
    live.feed.send(Run(100))
    live.until_state("paused")
    assert points(live.told) == points(kit.begin("mlp", *LONG).train(300).told)


def test_an_engine_that_nobody_needs_ends_itself(kit: Any) -> None:
    """Finished or paused, and nobody connected for the idle time; while it trains it goes on alone. Or the process that
    it works for is gone."""
    process = kit.engine(kit.spec("mlp", record=str(kit.folder / "r.nnlab"), idle_seconds=0.0))
    process.join()
    assert process.exitcode == 0
    with RunFile(kit.folder / "r.nnlab") as file:
        assert states(list(file.events()))[-2:] == ["finished", "stopped"]
    watched = kit.live("mlp", paused=True, idle_seconds=0.0)
    watched.feed.send(Run(1))
    watched.until(lambda event: isinstance(event, StateChanged) and event.state == "paused", 2)
    assert watched.process.is_alive()
    watched.feed.close()
    assert watched.exit_code() == 0
    assert kit.live("mlp", leashed=True, parent=1).exit_code() == 0


def test_a_run_past_its_plan_goes_on_only_while_someone_watches(kit: Any) -> None:
    live = kit.live("mlp", idle_seconds=0.0)
    live.until_state("finished")
    live.feed.send(Resume())
    live.until(lambda event: isinstance(event, Frame) and event.step > 1000)
    live.feed.close()
    assert live.exit_code() == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (None, "nothing.csv"), ("a,b\n1,2\n3\n", "line 3"), ("a,b\n" + "1,x\n" * 9, "at least two are needed"),
    ],
    ids=["missing", "ragged", "one class"],
)  # fmt: skip
def test_a_users_mistake_in_the_data_is_one_sentence(kit: Any, rows: str | None, message: str) -> None:
    if rows is not None:
        (kit.folder / "nothing.csv").write_text(rows)
    spec = kit.spec("mlp", 'data={kind = "table", path = "nothing.csv"}')
    live = kit.follow(spec)
    (failed,) = live.until_end()
    assert isinstance(failed, RunFailed)
    assert (failed.step, failed.traceback) == (0, "")
    assert message in failed.error
    assert "\n" not in failed.error
    assert live.exit_code() == 3
    assert "Traceback" not in Path(spec.log).read_text()


def test_a_run_file_that_exists_is_a_users_mistake(kit: Any) -> None:
    (kit.folder / "there.nnlab").touch()
    live = kit.live("mlp", record=str(kit.folder / "there.nnlab"))
    live.until_end()
    assert isinstance(live.told[-1], RunFailed)
    assert "never overwritten" in live.told[-1].error
    assert live.exit_code() == 3


def test_an_error_of_the_engines_own_is_told_with_its_traceback(kit: Any) -> None:
    spec = kit.spec("mlp", record=str(kit.folder / "r.nnlab"))
    spec.scenario["optimizer"]["kind"] = "lion"
    live = kit.follow(spec)
    (failed,) = live.until_end()
    assert isinstance(failed, RunFailed)
    assert "ValidationError" in failed.error
    assert failed.traceback.startswith("Traceback")
    assert live.exit_code() == 3
    assert "Traceback" in Path(spec.log).read_text()
    assert not Path(spec.socket).exists()


def test_stray_output_of_the_engine_lands_in_its_log(kit: Any) -> None:
    spec = kit.spec("mlp")
    live = kit.follow(spec)
    live.until_state("finished")
    streams = [Path(f"/proc/{live.process.pid}/fd/{number}").readlink() for number in (1, 2)]
    assert streams == [Path(spec.log)] * 2
