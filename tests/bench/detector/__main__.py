"""The detector bench: how right the doctor is about labelled runs, healthy and sick.

    python -m tests.bench.detector [--half calibration|test|published|both] [--seeds N] [--only TEXT] [--jobs N]
                                    [--keep FOLDER] [--all]

Every case is trained by the engine and its run file told to the doctor. The cases are split in two by a hash of their
configuration: thresholds are set by the calibration half, the test half says how far that carries. The published cases
stand apart in a second table. `--keep` keeps the run files, so that a second go only asks the doctor again.
"""

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import datasets, figures
from .case import Case
from .healthy import HEALTHY_CASES
from .pool import run
from .published import PUBLISHED
from .score import Score
from .siblings import SIBLINGS
from .sick_fit import FIT
from .sick_layers import LAYERS
from .sick_optimisation import OPTIMISATION

SUITE: tuple[Case, ...] = (*HEALTHY_CASES, *OPTIMISATION, *LAYERS, *FIT, *SIBLINGS)


def report(title: str, scores: Sequence[Score], modes: bool) -> None:
    """The tables of some scores."""
    untrue = sum(not score.true for score in scores)
    print(
        f"\n{title}: {len(scores)} runs, {untrue} of them left out because they did not come to what their label says"
    )
    for figure in figures.overall(scores):
        print("  " + figure.line())
    if modes:
        print()
        for row in figures.per_mode(scores):
            print("  " + row)


@contextlib.contextmanager
def _place(keep: str) -> Iterator[Path]:
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        yield Path(keep)
    else:
        with tempfile.TemporaryDirectory(prefix="nnlab-bench-") as folder:
            yield Path(folder)


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("calibration", "test", "both", "published"), default="both")
    parser.add_argument("--seeds", type=int, default=1, help="seeds of each case, from 0 (1)")
    parser.add_argument("--only", default="", help="cases whose name holds one of these texts, separated by commas")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (all cores)")
    parser.add_argument("--keep", default="", metavar="FOLDER", help="keep the run files there and use those that are")
    parser.add_argument("--all", action="store_true", help="print every run, not only those that went wrong")
    options = parser.parse_args()
    began = time.monotonic()
    halves = ("calibration", "test") if options.half == "both" else (options.half,)
    parts = [(half, [case for case in SUITE if case.half == half]) for half in halves if half != "published"]
    if options.half in ("both", "published"):
        parts.append(("published", list(PUBLISHED)))
    with _place(options.keep) as folder:
        datasets.write(folder)
        for title, cases in parts:
            chosen = [case for case in cases if any(text in case.name for text in options.only.split(","))]
            if chosen:
                scores = run(chosen, options.seeds, options.jobs, folder, options.all)
                report(title, scores, modes=title != "published")
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
