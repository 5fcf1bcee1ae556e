"""`nnlab diagnose` from outside."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROWS = [(i, 2 * math.exp(-i / 15) + 0.05, 0.5 + 0.03 * max(0, i - 15) + 2 * math.exp(-i / 15)) for i in range(60)]


def diagnose(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "nnlab", "diagnose", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("epoch,tally,val_loss,lr\n" + "".join(f"{i},{a},{b},0.001\n" for i, a, b in ROWS))
    return path


def test_report_for_people(csv: Path) -> None:
    told = diagnose(csv, "--map", "tally=train/loss")
    assert told.returncode == 0
    assert told.stderr == ""
    assert "Verdict: overfitting" in told.stdout
    assert "a step is one epoch of the file" in told.stdout
    assert "needs layer/<name>/dead" in told.stdout


def test_report_as_json_and_exit_status(csv: Path) -> None:
    told = diagnose(csv, "--json", "--map", "tally=train/loss", "--planned", 100, "--fail-on", "overfitting")
    assert told.returncode == 1
    report = json.loads(told.stdout)
    assert report["verdict"] == "overfitting"
    assert report["findings"][0]["mode"] == "overfitting"
    assert report["columns"]["train/loss"] == "tally"
    assert report["unit"] == "epoch"
    assert report["steps"] == 60
    assert report["waiting"]["dead-units"] == "needs layer/<name>/dead"
    assert diagnose(csv, "--map", "tally=train/loss", "--fail-on", "plateau").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no column is a training loss"),
        (("--map", "tally"), '--map takes COLUMN=SERIES, for example "cost=train/loss", got "tally"'),
        (("--map", "tlly=train/loss"), 'did you mean "tally"'),
        (("--steps-column", "epch"), 'did you mean "epoch"'),
        (("--planned", "5", "--map", "tally=train/loss"), "so 5 cannot be its planned steps"),
        (("--planned", "0"), "--planned must be at least 1"),
        (("--constant-loss", "nan"), "--constant-loss must be a number above 0"),
        (("--fail-on", "overfiting"), 'did you mean "overfitting"'),
    ],
)
def test_bad_usage(csv: Path, arguments: tuple[str, ...], words: str) -> None:
    told = diagnose(csv, *arguments)
    assert told.returncode == 2
    assert words in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "run.nnlab").write_bytes(b"SQLite format 3\x00" + bytes(100))
    for path in (tmp_path / "none.csv", tmp_path / "run.nnlab", tmp_path):
        told = diagnose(path)
        assert told.returncode == 2
        assert str(path) in told.stderr
        assert told.stderr.count("\n") == 1


def test_a_recorded_run_is_diagnosed_as_it_was_live(tmp_path: Path) -> None:
    file = tmp_path / "run.nnlab"
    words = [sys.executable, "-m", "nnlab", "run", "overfitting", "--steps", "300", "--record", str(file), "--json"]
    live = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    later = json.loads(diagnose(file, "--json").stdout)
    for key in ("scenario", "steps", "verdict", "findings", "health", "metrics"):
        assert later[key] == live[key], key
