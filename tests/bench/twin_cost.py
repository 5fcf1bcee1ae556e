"""What a ghost twin costs the run beside which it trains: python tests/bench/twin_cost.py [PAIRS]

One engine trains MLP 10-64-64-1 at full speed, one twin beside it. The twin is halted and let go in turns, a second
each, so whatever else the machine does weighs on both; each pair of seconds gives a ratio, the row is their median.
"""

import contextlib
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "pty"))

from lab_process import SCENARIO, cpu_time

from nnlab.client.feed import Feed
from nnlab.client.live import LiveFeed
from nnlab.scenario.load import load_text
from nnlab.trials.engine import save
from nnlab.trials.twin import control
from nnlab.wire import commands, events

PAIRS = 30
SECONDS = 1.0
ENDLESS = 10**8


def main() -> None:
    """Measure and print a table."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    with tempfile.TemporaryDirectory(prefix="nnlab-twin-") as folder, both(Path(folder)) as (run, twin):
        await_steps(run, 2000)
        await_steps(twin, 2000)
        clocks, works = [], []
        for number in range(pairs):
            order = (True, False) if number % 2 else (False, True)
            speeds = {beside: speed(run, twin, beside=beside) for beside in order}
            clocks.append(speeds[True][0] / speeds[False][0])
            works.append(speeds[True][1] / speeds[False][1])
    low, high = statistics.quantiles(clocks, n=10)[0], statistics.quantiles(clocks, n=10)[-1]
    print(f"steps/s with a twin : without, by the clock   {statistics.median(clocks):.2f}   ≥ 0.85")
    print(f"  a tenth of the pairs below, above            {low:.2f} {high:.2f}")
    print(f"the same per second of the engine's CPU time   {statistics.median(works):.2f}")


@contextmanager
def both(folder: Path) -> Iterator[tuple[LiveFeed, LiveFeed]]:
    """A run and its twin, training."""
    loaded = load_text(SCENARIO, "twin-cost", folder)
    run = LiveFeed.start(loaded, seed=0, device="cpu", record=str(folder / "run.nnlab"), paused=True)
    twin: Feed | None = None
    try:
        list(save(run, folder / "state"))
        twin = control(loaded, 0, "cpu")(folder / "state", (), ENDLESS)
        assert isinstance(twin, LiveFeed)
        run.send(commands.Run(ENDLESS))
        yield run, twin
    finally:
        if twin is not None:
            os.kill(process(twin), signal.SIGCONT)
            twin.close()
        run.close()


def speed(run: LiveFeed, twin: LiveFeed, *, beside: bool) -> tuple[float, float]:
    """Steps a second of the run while the twin trains, or is halted: by the clock, and by its engine's CPU time."""
    os.kill(process(twin), signal.SIGCONT if beside else signal.SIGSTOP)
    for feed in (run, twin):
        feed.poll(0.0)
    began, worked, first = time.perf_counter(), cpu_time(process(run)), newest(run)
    last = first
    while time.perf_counter() - began < SECONDS:
        last = newest(run)
        twin.poll(0.0)
    steps = last - first
    return steps / (time.perf_counter() - began), steps / (cpu_time(process(run)) - worked)


def await_steps(feed: LiveFeed, steps: int) -> None:
    """Wait until it has got going."""
    while newest(feed) < steps:
        pass


def newest(feed: LiveFeed) -> int:
    """The last step that it tells of."""
    while True:
        found = [event.step for event in feed.poll(1.0) if isinstance(event, events.Frame)]
        if found:
            return found[-1]


def process(feed: LiveFeed) -> int:
    """The process of its engine."""
    told = str(feed.place.spec).encode()
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if told in (path / "cmdline").read_bytes().split(b"\0"):
                return int(path.name)
    raise ProcessLookupError(feed.place.spec)


if __name__ == "__main__":
    main()
