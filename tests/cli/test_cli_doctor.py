"""`nnlab doctor`: every line says what is, and where it fails what to do."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from nnlab.cli import doctor
from nnlab.cli.main import main

ANSWER = '{"version": "9.9", "threads": 1, "cuda": ["Fast One"], "mps": false}\n'


def examine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str) -> tuple[int, str]:
    """Run the command with `answer` for what torch's process prints."""
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=answer))
    status = main(["doctor"])
    return status, capsys.readouterr().out


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose folders are all fine; returns the one above them."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "a.toml").write_text("")
    monkeypatch.setattr(doctor, "bundled", lambda kind: tmp_path / kind)
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_a_good_machine(folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = examine(monkeypatch, capsys, ANSWER)
    assert status == 0
    assert "fail" not in out
    for words in ("torch             9.9", "Fast One", str(folders / "runs")):
        assert words in out


def test_a_torch_that_dies(folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def die(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "python", stderr="Traceback\nOSError: libcudnn not found")

    monkeypatch.setattr(doctor.subprocess, "run", die)
    assert main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "fail  torch             does not start: OSError: libcudnn not found" in out
    assert "→ install it" in out


def test_folders_that_cannot_be_written(
    folders: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folders / "file").write_text("")
    monkeypatch.setenv("NNLAB_RUNS", str(folders / "file" / "runs"))
    status, out = examine(monkeypatch, capsys, ANSWER)
    assert status == 1
    assert "→ set NNLAB_RUNS" in out
