"""A recorded run as the events that the engine told, in their order.

An event about step S comes after all that was measured before step S, as with a live engine, so a doctor comes to the
same findings at the same steps.
"""

from collections.abc import Generator, Iterator, Sequence

from nnlab.runs.journal import Recordable
from nnlab.runs.reader import Points, RunFile
from nnlab.wire.events import Branched, Event, Rewound, RunStarted
from nnlab.wire.frames import frame
from nnlab.wire.values import PER_STEP, Branch

CHUNK = 1024
"""Steps in one frame, at most."""


def line(file: RunFile, branch: int | None = None) -> Iterator[Event]:
    """The line of a branch (the current one) from its start, as if there were no others."""
    yield RunStarted(file.info)
    yield from _stretch(file, branch, 0, file.events(branch=branch))


def tree(file: RunFile) -> Iterator[Event]:
    """Every branch, each point and event once; then, where there is more than one, the current line from its start."""
    branches = file.branches()
    yield RunStarted(file.info)
    for branch in branches:
        if branch.id:
            yield Rewound(branch.step, branch.parent)
            yield Branched(branch.id, branch.parent, branch.step, branch.name)
        yield from own(file, branch)
    if len(branches) > 1:
        yield Rewound(0, file.branch)
        yield from _stretch(file, file.branch, 0, file.events())


def own(file: RunFile, branch: Branch) -> Iterator[Event]:
    """What belongs to a branch since it began."""
    yield from _stretch(file, branch.id, branch.step, file.own_events(branch.id))


def _stretch(file: RunFile, branch: int | None, begin: int, events: Sequence[Recordable]) -> Iterator[Event]:
    """The events, and the points of a line after `begin` (at it too, if that is the start of all)."""
    done = (begin, begin + (begin > 0))
    for event in events:
        if event.step >= done[0]:
            done = yield from _frames(file, branch, done, event.step)
        yield event
    yield from _frames(file, branch, done, file.done(branch))


def _frames(
    file: RunFile, branch: int | None, done: tuple[int, int], step: int
) -> Generator[Event, None, tuple[int, int]]:
    """Everything measured before step `step` that has not been told.

    `done` are the next steps to tell, of per-step and of sampled series; what they are afterwards comes back.
    """
    per_step, sampled = done
    names = file.names()
    while per_step < step or sampled <= step:
        upto = max(per_step, min(step, per_step + CHUNK))
        points: dict[str, Points] = {}
        for name in names:
            first, end = (per_step, upto) if name in PER_STEP else (sampled, upto + 1)
            points[name] = file.series(name, first, end, branch)
        per_step, sampled = upto, upto + 1
        yield frame(upto, points)
    return per_step, sampled
