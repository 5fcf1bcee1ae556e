"""What the lab costs, measured in a real pseudo-terminal of 120 × 40: python tests/bench/lab_cost.py

An MLP 10-64-64-1 with batch 64 trains as fast as it can, recorded, with the lab open. Launches, torch's import and
headless runs take turns with each other in one run, so that their ratios hold on a noisy machine; a machine with other
work to do still makes every absolute time worse. Linux only (it reads /proc).
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "pty"))

from lab_process import LINE, SCENARIO, Lab, Row, Span, environment
from lab_speed import speeds


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
        rows += slow_lines(folder, options.seconds, options.presses)
    width = max(len(row[0]) for row in rows)
    for what, measured, wanted in rows:
        print(f"{what:<{width}}  {measured:>22}  {wanted}")


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


def long_run(folder: Path, steps: int, presses: int, seconds: float) -> list[Row]:
    """One run at full speed: what it costs to watch, to pause and to steer, and the memory to its end."""
    with Lab(folder, steps) as lab:
        lab.wait_until("training", lambda: lab.step > 0)
        memory = [lab.megabytes]
        lab.run_for(2.0)
        early = lab.span(seconds)
        answered = press_keys(lab, presses)
        looked = look_around(lab, presses, lab.pump)
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
        *_spanned("training at full speed, beginning", early, "≥ 10 /s"),
        *_spanned("training at full speed, near the end", late, "≥ 10 /s"),
        *_spanned("paused", paused, "", "≤ 0.2 KB/s"),
        (f"key press to applied value, {presses} presses, p50", f"{statistics.median(answered) * 1e3:.0f} ms", ""),
        ("  p95", f"{p95(answered) * 1e3:.0f} ms", "≤ 150 ms"),
        (f"key press to cursor painted, {presses} presses, p50", f"{statistics.median(looked) * 1e3:.0f} ms", ""),
        ("  p95", f"{p95(looked) * 1e3:.0f} ms", "≤ 60 ms"),
        ("memory of the lab at the first step", f"{start:.0f} MB", ""),
        (f"  after {steps // 5:,} steps", f"{fifth:.0f} MB", ""),
        (f"  after {steps:,} steps", f"{end:.0f} MB", "≤ 150 MB"),
        ("  growth over the last four fifths", f"{end - fifth:+.1f} MB", "flat"),
    ]


def slow_lines(folder: Path, seconds: float, presses: int) -> list[Row]:
    """With `--low-bandwidth`; and without, on a line that takes 16,000 bytes a second."""
    with Lab(folder, 1_000_000, "--low-bandwidth") as lab:
        lab.wait_until("training", lambda: lab.step > 0)
        lab.run_for(3.0)
        low = lab.span(seconds)
    with Lab(folder, 1_000_000) as lab:
        lab.wait_until("training", lambda: lab.step > 0)
        for _ in range(3):  # each change of the theme repaints everything
            lab.press("T")
            lab.trickle(1.0)
        looked = look_around(lab, presses, lab.drip)
    return [
        *_spanned("training with --low-bandwidth", low, "1 to 2 /s", "≤ 2 KB/s"),
        (
            f"key press to cursor painted, line of {LINE // 1000} KB/s",
            f"{statistics.median(looked) * 1e3:.0f} ms",
            "",
        ),
        ("  p95", f"{p95(looked) * 1e3:.0f} ms", ""),
    ]


def p95(values: list[float]) -> float:
    """The value that 95 in 100 do not exceed."""
    return sorted(values)[int(0.95 * (len(values) - 1) + 0.5)]


def _spanned(what: str, span: Span, repaints: str, most: str = "≤ 5 KB/s") -> list[Row]:
    return [
        (f"{what}: to the terminal", f"{span.bytes_per_second / 1e3:.1f} KB/s", most),
        ("  CPU of the lab's process", f"{span.cpu:.2f} core", "≤ 0.25 core"),
        ("  repaints of the screen", f"{span.repaints_per_second:.1f} /s", repaints),
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


def look_around(lab: Lab, presses: int, pump: Callable[[], object]) -> list[float]:
    """Seconds from pressing home or end in a plot to the cursor standing in all plots, or gone from them."""
    lab.press("c")
    gaps, took = random.Random(7), []
    for press in range(presses):
        lab.run_for(gaps.uniform(0.1, 0.3))
        before = step_axis(lab)
        began = time.perf_counter()
        lab.press("end" if press % 2 else "home")
        while step_axis(lab) == before:
            pump()
        took.append(time.perf_counter() - began)
    return took


def step_axis(lab: Lab) -> str:
    """The labels below the first plot, the cursor's among them."""
    return next(line[:74] for line in lab.screen.display if line.lstrip().startswith("step "))


def _applied(row: str, before: str) -> bool:
    return "→" not in row and row.rsplit(maxsplit=1)[-1] != before


def torch_import(folder: Path) -> float:
    """Seconds of an interpreter that does nothing else, start included as in a launch."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], env=environment(folder), check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
