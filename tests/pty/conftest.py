"""The real command line in a real terminal, in folders of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from terminal import NNLAB, ROOT, Terminal, end_engines

SCENARIO = """
title = "Two moons"
[data]
kind = "moons"
samples = 400
[model]
kind = "mlp"
hidden = [8]
[objective]
kind = "cross_entropy"
[optimizer]
lr = 1e-3
[train]
steps = {steps}
pace = 0
"""


@dataclass
class Place:
    """Folders and environment of one test; `nnlab` runs the command line without a terminal."""

    folder: Path
    runtime: Path
    env: dict[str, str]

    @property
    def runs(self) -> Path:
        """Where run files go."""
        return Path(self.env["NNLAB_RUNS"])

    def write(self, name: str, text: str) -> Path:
        """A file."""
        path = self.folder / name
        path.write_text(text)
        return path

    def scenario(self, steps: int = 2_000_000) -> str:
        """The path of a scenario that trains at full speed."""
        return str(self.write("moons.toml", SCENARIO.format(steps=steps)))

    def nnlab(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [*NNLAB, *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300, check=False
        )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Folders of this test's own; the one for sockets has a short path. No engine outlives the test."""
    with tempfile.TemporaryDirectory(prefix="nl-", dir="/tmp") as runtime:
        kept = {name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS", "NO_COLOR")}
        env = {
            **kept,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_RUNTIME_DIR": runtime,
            "NNLAB_RUNS": str(tmp_path / "runs"),
        }
        greeted = tmp_path / "data" / "nnlab" / "greeted"  # the first run's hint would stand over what is tested
        greeted.parent.mkdir(parents=True)
        greeted.touch()
        yield Place(tmp_path, Path(runtime), env)
        end_engines(Path(runtime))


@pytest.fixture
def lab(place: Place) -> Iterator[Callable[..., Terminal]]:
    """Opens `nnlab` with these arguments (or another command) in a terminal, which is ended after the test."""
    opened: list[Terminal] = []

    def start(
        *words: str, columns: int = 120, rows: int = 40, command: tuple[str, ...] = NNLAB, **env: str
    ) -> Terminal:
        terminal = Terminal((*command, *words), {**place.env, **env}, columns, rows)
        opened.append(terminal)
        return terminal

    yield start
    for terminal in opened:
        terminal.close()


@pytest.fixture
def scripted() -> tuple[str, ...]:
    """The command of a lab over a scripted engine; see the file."""
    return (sys.executable, "-P", str(Path(__file__).with_name("scripted_lab.py")))
