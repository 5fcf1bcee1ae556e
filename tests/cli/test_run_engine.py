"""`nnlab run` with the real engine: the same findings live and in a replay, and a file that survives a kill."""

import argparse
import json
import os
import signal
from pathlib import Path

import pytest

from nnlab.cli import run
from nnlab.client.live import LiveFeed
from nnlab.client.recorded import RecordedFeed
from nnlab.diagnosis.doctor import Doctor
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import load_text
from nnlab.telemetry.history import History
from nnlab.wire import events

pytestmark = pytest.mark.slow

SCENARIO = """
seed = 3
[data]
kind = "moons"
[model]
kind = "mlp"
hidden = [16]
[objective]
kind = "cross_entropy"
[optimizer]
kind = "sgd"
lr = 0.1
[train]
steps = 400
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Private folders, and the scenario in them."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "demo.toml").write_text(SCENARIO)
    return tmp_path


def report(home: Path, record: str, *words: str) -> None:
    """`nnlab run demo.toml --json`, recorded."""
    parser = argparse.ArgumentParser()
    run.add_parser(parser.add_subparsers())
    args = parser.parse_args(["run", str(home / "demo.toml"), "--json", "--record", str(home / record), *words])
    assert args.run(args) == 0


def test_live_and_replayed_runs_have_the_same_findings(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report(home, "a.nnlab", "--at", "150:lr=100.0", "--at", "300:lr=0.01")
    live = json.loads(capsys.readouterr().out)
    feed = RecordedFeed(home / "a.nnlab")
    history, doctor, diagnosis = History(feed.info), Doctor(feed.info), None
    while not feed.done:
        for event in feed.poll(0.0):
            for _ in history.feed(event):
                diagnosis = doctor.look(history)
    assert diagnosis is not None
    assert diagnosis.verdict == live["verdict"]
    keys = ("mode", "severity", "since_step", "detected_step", "cleared_step", "headline")
    found = [{key: getattr(item, key) for key in keys} for item in diagnosis.ever if item.severity != "note"]
    assert found == [{key: item[key] for key in keys} for item in live["findings"] if item["severity"] != "note"]
    assert [(turn.step, turn.knob, turn.new) for turn in history.turns] == [(150, "lr", 100.0), (300, "lr", 0.01)]
    assert [(turn["step"], turn["to"]) for turn in live["journal"]] == [(150, 100.0), (300, 0.01)]
    for name, value in live["metrics"].items():
        series = history.get(name)
        assert value is None or (series is not None and series.last == float(value))
    with RunFile(home / "a.nnlab") as file:
        verdicts = file.events("verdict")
        assert [event.text for event in verdicts if isinstance(event, events.Marked)] == [live["verdict"]]
        assert "at = 150" in file.info.scenario_toml


def test_killing_the_engine_loses_at_most_the_last_second(home: Path) -> None:
    loaded = load_text(SCENARIO.replace("400", "10000000"), "demo", home)
    feed = LiveFeed.start(loaded, seed=3, device="cpu", record=str(home / "a.nnlab"))
    frames: list[events.Frame] = []
    while not feed.over and not (frames and frames[-1].seconds > 1.5):
        frames += [event for event in feed.poll(10.0) if isinstance(event, events.Frame)]
    told = max(frame.step for frame in frames if frame.seconds < frames[-1].seconds - 1.0)
    assert feed._process is not None
    os.kill(feed._process.pid, signal.SIGKILL)
    lost: list[events.Event] = []
    while not feed.over:
        lost += feed.poll(10.0)
    feed.close()
    assert isinstance(lost[-1], events.EngineLost)
    assert lost[-1].code == -9
    with RunFile(home / "a.nnlab") as file:
        loss = file.series("train/loss")
        assert file.done() >= told
        assert len(loss.steps) == file.done() == loss.steps[-1] + 1
        assert [type(event) for event in file.events()] == [events.StateChanged]
