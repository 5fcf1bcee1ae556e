"""What the lab costs, measured in a real pseudo-terminal of 120 × 40: python tests/bench/lab_cost.py

An MLP 10-64-64-1 with batch 64 trains as fast as it can, recorded, with the lab open. Launches, torch's import and
headless runs take turns with each other in one run, so that their ratios hold on a noisy machine; a machine with other
work to do still makes every absolute time worse. Linux only (it reads /proc).
"""

import argparse
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "pty"))

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
CHARTS = (2, 27, 74)
"""First row, row after the last, and columns of the charts on a screen of 120 × 40."""

TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass
class Span:
    """What the process of the lab did to its terminal and its core for some time."""

    bytes_per_second: float
    cpu: float
    repaints_per_second: float


class Lab(Terminal):
    """The lab with a run of so many steps."""

    def __init__(self, folder: Path, steps: int) -> None:
        command = (*NNLAB, str(folder / "cost.toml"), "--set", f"train.steps={steps}")
        super().__init__(command, environment(folder))

    @property
    def step(self) -> int:
        """Steps done, as the screen says."""
        found = POSITION.search(self.screen.display[0])
        return int(found[1].replace(",", "")) if found else 0

    @property
    def cpu(self) -> float:
        """Seconds of CPU of the lab's own process, without the engine."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    @property
    def megabytes(self) -> float:
        """Resident memory of the lab's own process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def charts(self) -> list[str]:
        """The cells of the charts."""
        top, bottom, columns = CHARTS
        return [line[:columns] for line in self.screen.display[top:bottom]]

    def span(self, seconds: float) -> Span:
        """Watch it for a while. Changes less than 50 ms apart are one repaint."""
        began, wrote, worked = time.perf_counter(), self.bytes, self.cpu
        seen, repaints, painted = self.charts(), 0, 0.0
        while time.perf_counter() - began < seconds:
            if self.pump() and (now := self.charts()) != seen:
                seen = now
                repaints += time.perf_counter() - painted > 0.05
                painted = time.perf_counter()
        took = time.perf_counter() - began
        return Span((self.bytes - wrote) / took, (self.cpu - worked) / took, repaints / took)


def main() -> None:
    """Measure everything and print one table."""
    parser = argparse.ArgumentParser(description="What the lab costs.")
    parser.add_argument("--steps", type=int, default=200_000, help="steps of the long run (issue: 1000000)")
    parser.add_argument("--launches", type=int, default=5)
    parser.add_argument("--presses", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each measured span")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nnlab-cost-") as name:
        folder = Path(name)
        (folder / "cost.toml").write_text(SCENARIO)
        rows = [*launches(folder, options.launches), *speeds(folder)]
        rows += long_run(folder, options.steps, options.presses, options.seconds)
    width = max(len(row[0]) for row in rows)
    for what, measured, wanted in rows:
        print(f"{what:<{width}}  {measured:>22}  {wanted}")


Row = tuple[str, str, str]


def launches(folder: Path, count: int) -> list[Row]:
    """Launch to the first painted frame and to the first training step on the screen."""
    painted, trained, imported = [], [], []
    for _ in range(count):
        imported.append(torch_import(folder))
        with Lab(folder, 100_000) as lab:
            lab.wait_until("a first frame", lambda lab=lab: bool(lab.text.strip()))
            painted.append(time.perf_counter() - lab.started)
            lab.wait_until("a first step", lambda lab=lab: lab.step > 0)
            trained.append(time.perf_counter() - lab.started)
    torch = statistics.median(imported)
    late = statistics.median(one - other for one, other in zip(trained, imported, strict=True))
    return [
        ("launch to first painted frame", f"{statistics.median(painted):.2f} s", "≤ 0.8 s"),
        ("import torch, alone", f"{torch:.2f} s", ""),
        ("launch to first step on screen", f"{statistics.median(trained):.2f} s", f"≤ {torch + 1.5:.2f} s"),
        ("  the same less the import beside it", f"{late:+.2f} s", "≤ 1.5 s"),
    ]


def speeds(folder: Path, rounds: int = 3, steps: int = 20_000) -> list[Row]:
    """Steps a second that the engine makes, headless and with the lab open, by the clock on the wall."""
    headless, watched = [], []
    for _ in range(rounds):
        headless.append(headless_speed(folder, steps))
        with Lab(folder, steps) as lab:
            lab.wait_until("a good start", lambda lab=lab: lab.step > steps * 0.1)
            began, first = time.perf_counter(), lab.step
            lab.wait_until("nearly the end", lambda lab=lab: lab.step > steps * 0.9)
            watched.append((lab.step - first) / (time.perf_counter() - began))
    ratio = statistics.median(one / other for one, other in zip(watched, headless, strict=True))
    speed = f"{statistics.median(watched):,.0f} : {statistics.median(headless):,.0f}"
    return [("engine steps/s, lab open : headless", speed, ""), ("  ratio", f"{ratio:.2f}", "")]


def headless_speed(folder: Path, steps: int) -> float:
    """Of `nnlab run`, between the lines that it prints at a tenth and at nine tenths of the run."""
    command = (*NNLAB, "run", str(folder / "cost.toml"), "--steps", str(steps))
    seen: list[tuple[float, int]] = []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            found = re.match(r"step (\d+):", line)
            if found and steps * 0.1 < int(found[1]) < steps * 0.95:
                seen.append((time.perf_counter(), int(found[1])))
    (began, first), (ended, last) = seen[0], seen[-1]
    return (last - first) / (ended - began)


def long_run(folder: Path, steps: int, presses: int, seconds: float) -> list[Row]:
    """One run at full speed: what it costs to watch, to pause and to steer, and the memory to its end."""
    with Lab(folder, steps) as lab:
        lab.wait_until("training", lambda: lab.step > 0)
        memory = [lab.megabytes]
        lab.run_for(2.0)
        early = lab.span(seconds)
        answered = press_keys(lab, presses)
        lab.press("space")
        lab.wait_for("paused")
        lab.run_for(1.0)
        paused = lab.span(seconds)
        lab.press("space")
        lab.wait_for("running")
        lab.wait_until("a fifth of the run", lambda: lab.step > steps // 5, limit=3600)
        memory.append(lab.megabytes)
        lab.wait_until("most of the run", lambda: lab.step > steps * 17 // 20, limit=3600)
        late = lab.span(min(seconds, steps / 50_000))
        lab.wait_for("finished", limit=3600)
        memory.append(lab.megabytes)
    start, fifth, end = memory
    return [
        *_spanned("training at full speed, beginning", early, "≥ 4 /s"),
        *_spanned("training at full speed, near the end", late, "≥ 4 /s"),
        *_spanned("paused", paused, ""),
        (f"key press to applied value, {presses} presses, p50", f"{statistics.median(answered) * 1e3:.0f} ms", ""),
        ("  p95", f"{sorted(answered)[int(0.95 * (presses - 1) + 0.5)] * 1e3:.0f} ms", "≤ 150 ms"),
        ("memory of the lab at the first step", f"{start:.0f} MB", ""),
        (f"  after {steps // 5:,} steps", f"{fifth:.0f} MB", ""),
        (f"  after {steps:,} steps", f"{end:.0f} MB", "≤ 150 MB"),
        ("  growth over the last four fifths", f"{end - fifth:+.1f} MB", "flat"),
    ]


def _spanned(what: str, span: Span, repaints: str) -> list[Row]:
    return [
        (f"{what}: to the terminal", f"{span.bytes_per_second / 1e3:.1f} KB/s", "≤ 20 KB/s"),
        ("  CPU of the lab's process", f"{span.cpu:.2f} core", "≤ 0.25 core"),
        ("  repaints of the charts", f"{span.repaints_per_second:.1f} /s", repaints),
    ]


def press_keys(lab: Lab, presses: int) -> list[float]:
    """Seconds from pressing a key on the learning rate to its new value shown as applied."""
    lab.press("k")
    lab.wait_for("▸ learning rate")
    gaps, took = random.Random(7), []
    for press in range(presses):
        lab.run_for(gaps.uniform(0.1, 0.3))
        before = lab.row("▸ learning rate").split()[-1]
        began = time.perf_counter()
        lab.press("right" if press % 20 < 10 else "left")
        lab.wait_until("the knob applied", lambda before=before: _applied(lab.row("▸ learning rate"), before))
        took.append(time.perf_counter() - began)
    return took


def _applied(row: str, before: str) -> bool:
    return "→" not in row and row.rsplit(maxsplit=1)[-1] != before


def torch_import(folder: Path) -> float:
    """Seconds of an interpreter that does nothing else, start included as in a launch."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], env=environment(folder), check=True)
    return time.perf_counter() - began


def environment(folder: Path) -> dict[str, str]:
    """A usual terminal, and folders of our own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS", "NO_COLOR")}
    ours = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NNLAB_RUNS": str(folder / "runs")}
    return {**kept, **ours, "PYTHONPATH": str(ROOT)}


if __name__ == "__main__":
    main()
