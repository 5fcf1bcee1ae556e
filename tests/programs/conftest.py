"""Runs of small scenarios, trained in this process and recorded."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from here import Here

from nnlab.engine.run import Run
from nnlab.scenario.load import Loaded, load_text

CLASSES = """
seed = 5
[data]
kind = "moons"
samples = 125
[model]
kind = "mlp"
hidden = [8, 6]
[objective]
kind = "cross_entropy"
[train]
steps = 60
batch_size = 16
"""


class Recording:
    """A run on its way into a file."""

    def __init__(self, loaded: Loaded, path: Path) -> None:
        self.path = path
        self.run: Run = Here(loaded, paused=True, record=str(path)).run

    def train(self, steps: int | None = None) -> "Recording":
        """For so many steps, or to the end."""
        self.run.resume(steps)
        while self.run.state == "running":
            self.run.advance()
        return self

    def turn(self, knob: str, value: Any) -> "Recording":
        """By hand."""
        self.run.turn(knob, value, "user", 0)
        return self

    def end(self) -> Path:
        """The complete file."""
        self.run.end("stopped")
        return self.path


Record = Callable[..., Recording]


@pytest.fixture
def record(tmp_path: Path) -> Record:
    """Begins the run of a text with `--set` and `--at` options, in a file of the name."""

    def begun(name: str, *options: str, at: Sequence[str] = (), text: str = CLASSES) -> Recording:
        loaded = load_text(text, name, tmp_path, options, at)
        return Recording(loaded, tmp_path / f"{name}.nnlab")

    return begun


@pytest.fixture
def again(tmp_path: Path) -> Callable[[str], Path]:
    """Trains an exported scenario to its end; the file of that run."""

    def trained(text: str) -> Path:
        return Recording(load_text(text, "again", tmp_path / "elsewhere"), tmp_path / "again.nnlab").train().end()

    return trained
