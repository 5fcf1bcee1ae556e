"""What the time machine costs and how fast it is, on 10,000 steps of MLP 10-64-64-1.

`python tests/bench/time_machine.py`. The cost of snapshots is their own time over the engine's, in one and the same
run, so that other work on the machine weighs on both.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))

from engine_speed import MLP, engine

STEPS = 10_000
REWINDS = 20


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        run = engine(MLP, Path(folder))
        machine, kept, spent = run.time, run.time.keep, [0.0, 0]

        def keep(kind: str) -> None:
            began = time.perf_counter()
            kept(kind)  # type: ignore[arg-type]  # one of its own kinds
            spent[0] += time.perf_counter() - began
            spent[1] += 1

        machine.keep = keep  # type: ignore[method-assign]  # timed
        began = time.perf_counter()
        while run.step < STEPS:
            run.advance()
        whole = time.perf_counter() - began
        machine.keep = kept  # type: ignore[method-assign]
        values = run.training.parameters.values.clone()
        run.pause()
        run.frame()
        draw, times = random.Random(0), []
        for _ in range(REWINDS):
            step = draw.randrange(STEPS)
            began = time.perf_counter()
            assert run.travel("rewind", lambda to=step: machine.rewind(to))
            times.append(time.perf_counter() - began)
        run.travel("rewind", lambda: machine.rewind(STEPS))
        assert torch.equal(run.training.parameters.values, values)
        run.end("stopped")
        size = Path(run.info.run_file).stat().st_size
    print(f"{STEPS} steps in {whole:.1f} s; {spent[1]} snapshots took {spent[0] * 1e3:.0f} ms")
    print(f"snapshots: {spent[0] / whole:.2%} of engine time (at most 1 %)")
    print(f"rewind to any step: median {statistics.median(times):.3f} s, longest {max(times):.3f} s (at most 1 s)")
    print(f"run file: {size / 1e6:.1f} MB (at most 20 MB)")


if __name__ == "__main__":
    main()
