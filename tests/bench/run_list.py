"""What the table of recorded runs costs with five hundred of them: python tests/bench/run_list.py

The files are copies of one made-up run of 2,000 steps with six series. The table is opened in an app without a
terminal, at 120 × 40; times are CPU time of the process, so that a busy machine changes them little.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

import numpy as np

from nnlab.runs.recorder import Recorder
from nnlab.ui.app import LabApp
from nnlab.ui.panels.run_table import RunTable
from nnlab.ui.screens.runs import Runs
from nnlab.ui.session import Session
from nnlab.wire.events import StateChanged
from nnlab.wire.values import RunInfo

STEPS = 2000
SERIES = ("train/loss", "grad/norm", "val/loss", "val/accuracy", "lr", "weight/norm")
MOVES = 200
WORD = "over"


def main() -> None:
    """Make the files, open the table, and print what it took."""
    parser = argparse.ArgumentParser(description="What the table of recorded runs costs.")
    parser.add_argument("--runs", type=int, default=501)
    count = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="nnlab-runs-") as name:
        fill(Path(name), count)
        os.environ["NNLAB_RUNS"] = name
        read, moved, found = asyncio.run(looked_through(count))
    print(f"{count} runs listed and read, CPU      {read:.2f} s")
    print(f"one of them highlighted and painted  {1000 * statistics.median(moved):.1f} ms")
    print(f"a letter of a search typed           {1000 * statistics.median(found):.1f} ms")


def fill(folder: Path, count: int) -> None:
    """So many run files."""
    first = folder / "0.nnlab"
    info = RunInfo("r", "overfitting", "Learning by heart", "mlp", "", 7, "cpu", STEPS, 32, 10, 10, 10, 10)
    run = Recorder.create(first, info)
    for place, series in enumerate(SERIES):
        run.scalars(series, range(STEPS), np.exp(-np.arange(STEPS) / (500.0 + place)).tolist())
    run.event(STEPS, "verdict", {"text": "overfitting"})
    run.tell(StateChanged(STEPS, "finished"))
    run.close()
    for number in range(1, count):
        shutil.copyfile(first, folder / f"{number}.nnlab")


async def looked_through(count: int) -> tuple[float, list[float], list[float]]:
    """CPU seconds until all rows are told; of each step through them; of each letter typed."""
    app = LabApp(None, refuse)
    app.section = "runs"
    began = time.process_time()
    async with app.run_test(size=(120, 40)) as pilot:
        while not isinstance(app.screen, Runs) or not app.screen.query(RunTable):
            await pilot.pause(0.01)
        table = app.screen.query_one(RunTable)
        while len(table.rows) < count or not all(row.read for row in table.rows):
            await asyncio.sleep(0.05)
        read = time.process_time() - began
        moved = [await took(pilot.press("down")) for _ in range(MOVES)]
        await pilot.press("slash")
        found = [await took(pilot.press(letter)) for letter in WORD]
    return read, moved, found


async def took(press: Awaitable[None]) -> float:
    """CPU seconds until a key press has been answered and painted."""
    began = time.process_time()
    await press
    return time.process_time() - began


def refuse(*_: object) -> Session:
    """Nothing is opened here."""
    raise AssertionError


if __name__ == "__main__":
    main()
