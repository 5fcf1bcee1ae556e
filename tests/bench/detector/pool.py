"""Many cases over the cores."""

import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import figures
from .case import Case
from .course import follow
from .score import Score, judge


def measure(case: Case, seed: int, folder: Path) -> Score:
    """Train, diagnose and judge one case."""
    return judge(case, seed, follow(case, seed, folder))


def run(cases: Sequence[Case], seeds: int, jobs: int, folder: Path, show_all: bool) -> list[Score]:
    """The scores of all cases, each with every seed; says how far it is, and which runs were judged wrongly."""
    scores = []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        tasks = [pool.submit(measure, case, seed, folder) for case in cases for seed in range(seeds)]
        for done, task in enumerate(tasks, 1):
            score = task.result()
            scores.append(score)
            if show_all or not score.true or not score.hit or score.wrong or score.flips > 1:
                print(figures.line(score), flush=True)
            elif sys.stderr.isatty():
                print(f"\r{done} of {len(tasks)}", end="\r", file=sys.stderr, flush=True)
    return scores
