"""`nnlab run` and its kin in this process, against the fake engine and a doctor with a script."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nnlab.cli import headless, run, runs, verify
from nnlab.client import launch
from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding, Remedy
from nnlab.telemetry.history import History
from nnlab.wire.values import RunInfo

SCENARIO = """
title = "Demo"
seed = {seed}
[data]
kind = "moons"
[model]
kind = "mlp"
hidden = [4]
[objective]
kind = "cross_entropy"
[train]
steps = 100
"""


class ScriptedDoctor:
    """Sees a plateau from step 30 and learning from step 60 on; with a knob turned, from ten steps after that."""

    def __init__(self, info: RunInfo) -> None:
        self.info = info

    def look(self, history: History) -> Diagnosis:
        """The script at this step."""
        cleared = min((turn.step + 10 for turn in history.turns), default=60)
        if history.step < 30:
            return Diagnosis(history.step, "undecided")
        plateau = Finding(
            "plateau", "warning", 0.9, 20, 30, None if history.step < cleared else cleared, "Nothing moves.",
            "the rate is low", (Evidence("train/loss", "flat", float("nan"), 0.1),),
            (Remedy("raise the rate", ({"turn": "lr", "to": 1.0},)),),
        )  # fmt: skip
        if history.step < cleared:
            return Diagnosis(history.step, "plateau", plateau, (plateau,), (plateau,))
        learning = Finding("learning", "note", 0.8, cleared, cleared, None, "It learns.")
        return Diagnosis(history.step, "learning", None, (learning,), (learning, plateau))


Command = Callable[..., int]


@pytest.fixture
def nnlab(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Runs a command line of the three commands; the exit status."""
    engine = Path(__file__).parent.parent / "client"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("NNLAB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(engine), os.environ.get("PYTHONPATH", ""))))
    monkeypatch.setattr(launch, "ENGINE", "fake_engine")
    monkeypatch.setattr(headless, "attending", ScriptedDoctor)

    def command(*words: object) -> int:
        parser = argparse.ArgumentParser()
        subparsers = parser.add_subparsers()
        for module in (run, runs, verify):
            module.add_parser(subparsers)
        args = parser.parse_args([str(word) for word in words])
        status: int = args.run(args)
        return status

    return command


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[..., Path]:
    """Writes a scenario whose seed chooses what the fake engine does."""

    def write(seed: int = 7, more: str = "", name: str = "demo") -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(SCENARIO.format(seed=seed) + more)
        return path

    return write
