"""Many forks from one state: an engine for each core at a time, and none left behind."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from nnlab.trials.cores import cores
from nnlab.trials.fork import Change, Fork, fork
from nnlab.trials.ground import Ground

MOST_JOBS = 8
"""Engines at once: each takes some 250 MB, and a trial seldom has more forks than this with one seed."""

Forks = Mapping[int, tuple[Fork, ...]]
"""Those that are done, by the places of their changes, in order of seeds."""


@dataclass(frozen=True, slots=True)
class Watching:
    """Whoever waits for forks: `called_off` ends them all, `done` hears how many of how many are done, `share` how far
    the fork of a place and seed has come, from 0 to 1. Shares are told by the threads of the forks.
    """

    called_off: Callable[[], bool] = lambda: False
    done: Callable[[int, int], None] = lambda done, of: None
    share: Callable[[int, int, float], None] = lambda place, seed, share: None


UNWATCHED = Watching()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train: `changes` by their places, each with `seeds` orders of the batches for `steps` steps. `mode` is
    the finding in question.
    """

    changes: Mapping[int, Change]
    mode: str
    steps: int
    seeds: int = 1


def grow(ground: Ground, plan: Plan, watching: Watching) -> Iterator[Forks]:
    """All forks that are done, each time that another one is; the last are all of them. One order of the batches after
    the other, so that every change soon has a first answer.

    Raises UserError, TrialError, CalledOffError; then, and when it is closed, every engine is ended.
    """
    stop = False

    def train(place: int, change: Change, seed: int) -> Fork:
        return fork(
            ground, change, seed, plan.steps, plan.mode, lambda: stop or watching.called_off(),
            lambda share: watching.share(place, seed, share),
        )  # fmt: skip

    found: dict[int, list[Fork]] = {place: [] for place in plan.changes}
    with ThreadPoolExecutor(min(cores(), MOST_JOBS), thread_name_prefix="trial") as pool:
        futures: dict[Future[Fork], int] = {}
        for seed in range(max(1, plan.seeds)):
            for place, change in plan.changes.items():
                futures[pool.submit(train, place, change, seed)] = place
        try:
            left = set(futures)
            while left:
                done, left = wait(left, return_when=FIRST_COMPLETED)
                for task in done:
                    found[futures[task]].append(task.result())
                watching.done(len(futures) - len(left), len(futures))
                yield {place: tuple(sorted(forks, key=lambda one: one.seed)) for place, forks in found.items()}
        except BaseException:
            stop = True
            pool.shutdown(cancel_futures=True)
            raise
