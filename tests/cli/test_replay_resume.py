"""`nnlab replay --verify` and `nnlab resume` with real engines."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nnlab.cli.main import main
from nnlab.client.live import LiveFeed
from nnlab.runs.reader import RunFile
from nnlab.scenario.load import load_text
from nnlab.wire.events import Frame

SCENARIO = """
seed = 3
[data]
kind = "table"
path = "mine.csv"
target = "kind"
[model]
kind = "mlp"
hidden = [8]
dropout = 0.1
[objective]
kind = "cross_entropy"
[train]
steps = 400
batch_size = 16
"""


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Private folders, a scenario and its table."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path))
    rows = [f"{i % 7},{i * i % 11},{'ab'[i * i % 11 > 4]}" for i in range(120)]
    (tmp_path / "mine.csv").write_text("\n".join(["x,y,kind", *rows]))
    (tmp_path / "demo.toml").write_text(SCENARIO)
    return tmp_path


def nnlab(*words: object) -> "subprocess.CompletedProcess[str]":
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "nnlab", *map(str, words)], capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_steered_run_is_proved_and_a_falsified_one_is_not(home: Path) -> None:
    path = home / "r.nnlab"
    steered = ("--at", "90:lr=0.5", "--at", "120:rewind=60", "--at", "80:lr=0.01", "--at", "100:snapshot")
    ran = nnlab("run", home / "demo.toml", "--steps", 150, *steered, "--record", path, "--json")
    assert ran.returncode == 0
    assert [(turn["step"], turn["to"]) for turn in json.loads(ran.stdout)["journal"]] == [(80, 0.01)]
    proved = nnlab("replay", path, "--verify")
    assert (proved.returncode, proved.stdout[:9]) == (0, "The same:")
    with closing(sqlite3.connect(path)) as file:
        file.execute("UPDATE points SET value = value + 1e-9 WHERE branch = 1 AND step >= 97")
        file.commit()
    refuted = nnlab("replay", path, "--verify", "--json")
    assert refuted.returncode == 1
    assert {key: json.loads(refuted.stdout)[key] for key in ("same", "branch", "step")} == {
        "same": False, "branch": 1, "step": 97,
    }  # fmt: skip
    finished = nnlab("resume", path)
    assert finished.returncode == 2
    assert "all its 150 planned steps" in finished.stderr


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was(home: Path) -> None:
    path = home / "k.nnlab"
    loaded = load_text(SCENARIO, "demo", home)
    feed = LiveFeed.start(loaded, seed=3, device="cpu", record=str(path), pace=25.0)
    done = 0
    while done < 30:
        done = max([done, *(event.step for event in feed.poll(10.0) if isinstance(event, Frame))])
    running = nnlab("resume", path)
    assert running.returncode == 2
    assert "still being trained" in running.stderr
    assert feed._process is not None
    os.kill(feed._process.pid, signal.SIGKILL)
    feed.close()
    resumed = nnlab("resume", path, "--json")
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["steps"] == 400
    assert nnlab("replay", path, "--verify").returncode == 0
    with RunFile(path) as file:
        assert file.series("train/loss").steps.tolist() == list(range(400))


@pytest.mark.parametrize("command", [("replay", "--verify"), ("resume",)])
def test_what_is_no_run_file_is_one_message(
    home: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "x.nnlab").write_text("not a database, and long enough to be looked at as one")
    for name, words in (("gone.nnlab", "there is no run file"), ("x.nnlab", "is not a run file")):
        assert main([*command, str(home / name)]) == 2
        assert words in capsys.readouterr().err
