"""`nnlab run --auto-cure` with real engines."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from frozen import frozen

from nnlab.cli.main import main
from nnlab.client.runtime import engines
from nnlab.runs.reader import RunFile
from nnlab.trials import ledger
from nnlab.wire.events import KnobTurned


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A run that cannot learn, in private folders."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("NNLAB_REMEDIES", str(tmp_path / "remedies.json"))
    path = tmp_path / "frozen.toml"
    path.write_text(frozen("steps = 400"))
    return path


@pytest.mark.slow
def test_what_is_wrong_is_tried_proved_and_adopted(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = stuck.parent / "run.nnlab"
    assert main(["run", str(stuck), "--auto-cure", "--json", "--record", str(record), "--fail-on", "any"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] in ("learning", "converged")
    first = report["trials"][0]
    assert first["finding"] == "no-gradient"
    assert first["control"]["verdict"] == "no-gradient"
    best = first["tried"][0]
    assert (best["proof"], best["remedy"]) == ("confirmed", first["adopted"])
    assert best["effect"] < 0
    assert ledger.counts(ledger.place())["no-gradient"]
    if not best["begins_again"]:
        turn = report["journal"][0]
        assert (turn["step"], turn["source"]) == (first["step"], "remedy")
        with RunFile(record) as file:
            assert [event.source for event in file.events() if isinstance(event, KnobTurned)] == ["remedy"]
    assert list(engines()) == []


@pytest.mark.slow
def test_a_healthy_run_is_left_alone(stuck: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(stuck), "--auto-cure", "--no-record", "--set", "lr=0.01"]) == 0
    out = capsys.readouterr().out
    assert "Verdict: learning" in out or "Verdict: converged" in out
    assert "Trials" not in out
    assert "400 of 400 steps" in out


@pytest.mark.slow
def test_no_engine_outlives_its_killed_parent(stuck: Path) -> None:
    stuck.write_text(frozen("steps = 4_000_000"))
    process = subprocess.Popen(
        [sys.executable, "-m", "nnlab", "run", str(stuck), "--auto-cure", "--no-record"],
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=dict(os.environ),
    )  # fmt: skip
    assert process.stderr is not None
    with process.stderr:
        assert any("trying" in line for line in process.stderr)
        while sum(1 for _ in engines()) < 2:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
    while list(engines()):
        pass


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--auto-cure", "--until", "plateau"), "give one of them"),
        (("--tries", "2"), "give --auto-cure too"),
        (("--seeds", "2"), "give --auto-cure too"),
    ],
)
def test_options_that_exclude_each_other(
    stuck: Path, words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(stuck), *words]) == 2
    assert message in capsys.readouterr().err
