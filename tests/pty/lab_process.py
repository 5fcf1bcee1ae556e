"""The lab in a real pseudo-terminal of 120 × 40, training an MLP as fast as it can: for the benchmarks of the lab."""

import os
import re
import select
import time
from dataclasses import dataclass
from pathlib import Path

from terminal import NNLAB, ROOT, Terminal

SCENARIO = """
title = "What the lab costs"
[data]
kind = "linear"
task = "classification"
samples = 5120
features = 10
[model]
kind = "mlp"
hidden = [64, 64]
[objective]
kind = "bce_with_logits"
[train]
steps = 2000
batch_size = 64
clip_norm = 1.0
"""

POSITION = re.compile(r"([\d,]+) / [\d,]+ ")
LINE = 16_000
"""Bytes a second that a slow line takes."""

Row = tuple[str, str, str]
"""What was measured, the measure, and what it should be."""

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Span:
    """What the process of the lab did to its terminal and its core for some time."""

    bytes_per_second: float
    cpu: float
    repaints_per_second: float


class Lab(Terminal):
    """The lab with a run of so many steps."""

    def __init__(self, folder: Path, steps: int, *more: str) -> None:
        command = (*NNLAB, str(folder / "cost.toml"), "--set", f"train.steps={steps}", *more)
        super().__init__(command, environment(folder))

    @property
    def step(self) -> int:
        """Steps done, as the screen says."""
        found = POSITION.search(self.screen.display[0])
        return int(found[1].replace(",", "")) if found else 0

    @property
    def cpu(self) -> float:
        """Seconds of CPU of the lab's own process, without the engine."""
        return cpu_time(self.process.pid)

    @property
    def megabytes(self) -> float:
        """Resident memory of the lab's own process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def drain(self, seconds: float) -> None:
        """Read what it writes without drawing it, which takes a core of its own."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._ours], [], [], left)[0]:
                os.read(self._ours, 1 << 16)

    def drip(self) -> None:
        """Take in what a line of `LINE` bytes a second would bring in a hundredth of a second."""
        self.pump(0.0, most=LINE // 100)
        time.sleep(0.01)

    def trickle(self, seconds: float) -> None:
        """Take in what such a line would bring for a while."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.drip()

    def span(self, seconds: float) -> Span:
        """Watch it for a while. Changes less than 50 ms apart are one repaint."""
        began, wrote, worked = time.perf_counter(), self.bytes, self.cpu
        seen, repaints, painted = self.screen.display, 0, 0.0
        while time.perf_counter() - began < seconds:
            if self.pump() and (now := self.screen.display) != seen:
                seen = now
                repaints += time.perf_counter() - painted > 0.05
                painted = time.perf_counter()
        took = time.perf_counter() - began
        return Span((self.bytes - wrote) / took, (self.cpu - worked) / took, repaints / took)


def cpu_time(pid: int) -> float:
    """Seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def environment(folder: Path) -> dict[str, str]:
    """A usual terminal, and folders of our own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS", "NO_COLOR")}
    ours = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8", "NNLAB_RUNS": str(folder / "runs")}
    return {**kept, **ours, "PYTHONPATH": str(ROOT)}
