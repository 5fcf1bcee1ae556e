"""`nnlab export`: what comes out can be read back, to the last bit."""

import math
import subprocess
import sys
from pathlib import Path

import pytest

import nnlab
from nnlab.imports import opening
from nnlab.runs.recorder import Recorder
from nnlab.wire.values import RunInfo

LOSSES = [1.0, 0.1 + 0.2, 1e-300, math.inf, math.nan]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    info = RunInfo("r", "demo", "", "mlp", "", 7, "cpu", 5, 8, 10, 2, 2, 1)
    recorder = Recorder.create(tmp_path / "run.nnlab", info)
    recorder.scalars("train/loss", range(5), LOSSES)
    recorder.scalars("val/loss", [0, 2, 4], [1.0, 0.5, 0.25])
    recorder.close()
    return tmp_path / "run.nnlab"


def export(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "nnlab", "export", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_what_is_exported_reads_back(file: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"out.{form}"
    assert export(file, "--to", form, "--out", target).returncode == 0
    columns = opening.read(target).columns
    assert columns["val/loss"].steps.tolist() == [0, 2, 4]
    assert columns["train/loss"].values.tolist()[:4] == LOSSES[:4]
    assert math.isnan(columns["train/loss"].values[4])
    assert nnlab.diagnose(target).verdict == "nonfinite"
    assert export(file, "--to", form).stdout == target.read_text()


def test_bad_usage(file: Path) -> None:
    told = export(file, "--to", "csv", "--out", file)
    assert told.returncode == 2
    assert "exists already" in told.stderr
    assert export(file, "--to", "xls").returncode == 2
    missing = export(file.with_name("none"), "--to", "csv")
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr
