"""What the lab costs the engine; runs with and without it take turns: python tests/bench/lab_speed.py"""

import contextlib
import operator
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "pty"))

from lab_process import SCENARIO, Lab, Row, cpu_time, environment
from terminal import NNLAB, ROOT


def speeds(folder: Path, rounds: int = 3, seconds: float = 6.0) -> list[Row]:
    """Steps a second that the engine makes and CPU time a step takes it, headless and with the lab open.

    Nothing draws the screen of the lab meanwhile: that would take a core from both. Steps are counted in the run file.
    """
    rates: dict[str, list[float]] = {"headless": [], "watched": []}
    costs: dict[str, list[float]] = {"headless": [], "watched": []}
    for _ in range(rounds):
        for how, found in rates.items():
            rate, cost = speed(folder, how, seconds)
            found.append(rate)
            costs[how].append(cost)
    ratio = statistics.median(map(operator.truediv, rates["watched"], rates["headless"]))
    cost = statistics.median(map(operator.truediv, costs["headless"], costs["watched"]))
    shown = f"{statistics.median(rates['watched']):,.0f} : {statistics.median(rates['headless']):,.0f}"
    return [
        ("engine steps/s, lab open : headless", shown, ""),
        ("  ratio", f"{ratio:.2f}", "≥ 0.9"),
        ("  the same per second of the engine's CPU time", f"{cost:.2f}", "≥ 0.9"),
    ]


def speed(folder: Path, how: str, seconds: float) -> tuple[float, float]:
    """Steps a second by the clock on the wall, and seconds of the engine's CPU time a step takes."""
    shutil.rmtree(folder / "runs", ignore_errors=True)
    if how == "watched":
        with Lab(folder, 1_000_000) as lab:
            return measured(folder, seconds, lab.drain)
    command = (*NNLAB, "run", str(folder / "cost.toml"), "--steps", "1000000")
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return measured(folder, seconds, time.sleep)
        finally:
            process.terminate()


def measured(folder: Path, seconds: float, wait: Callable[[float], None]) -> tuple[float, float]:
    """Of the one engine that records into this folder, once it has got going."""
    while recorded(folder) < 2000:
        wait(0.1)
    (engine,) = [int(path.name) for path in Path("/proc").glob("[0-9]*") if is_engine(path, folder)]
    began, first, worked = time.perf_counter(), recorded(folder), cpu_time(engine)
    wait(seconds)
    took, steps = time.perf_counter() - began, recorded(folder) - first
    return steps / took, (cpu_time(engine) - worked) / steps


def recorded(folder: Path) -> int:
    """Steps in the run file."""
    paths = list((folder / "runs").glob("*.nnlab"))
    if not paths:
        return 0
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(paths[0])) as database:
        return int(database.execute("SELECT max(step) FROM scalars").fetchone()[0] or 0)
    return 0


def is_engine(process: Path, folder: Path) -> bool:
    """Whether this, in /proc, is the engine of a run in the folder."""
    with contextlib.suppress(OSError):
        engine = b"nnlab.engine" in (process / "cmdline").read_bytes()
        return engine and str(folder).encode() in (process / "environ").read_bytes()
    return False


def main() -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory(prefix="nnlab-speed-") as name:
        (Path(name) / "cost.toml").write_text(SCENARIO)
        for what, measure, wanted in speeds(Path(name)):
            print(f"{what:<48}  {measure:>16}  {wanted}")


if __name__ == "__main__":
    main()
