"""Engines that train a fork each: started, led to an end, and gone, whatever happens meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nnlab.client.feed import Feed
from nnlab.client.launch import Aside
from nnlab.client.live import LiveFeed
from nnlab.errors import UserError
from nnlab.scenario.load import Loaded
from nnlab.wire import commands, events
from nnlab.wire.values import RunInfo

POLL = 0.1
"""Seconds between two looks at whether the trial is called off."""


class TrialError(Exception):
    """An engine died or caught an error of its own; the message is for people."""


class CalledOffError(Exception):
    """Whoever wanted the trial wants it no more."""


@contextmanager
def engine(loaded: Loaded, seed: int, device: str, aside: Aside) -> Iterator[LiveFeed]:
    """An engine that rests before its first step, and is gone afterwards."""
    feed = LiveFeed.start(loaded, seed=seed, device=device, paused=True, aside=aside, name="trial")
    try:
        yield feed
    finally:
        feed.close()


def train(
    feed: LiveFeed, steps: int, orders: Sequence[commands.Command], called_off: Callable[[], bool]
) -> Iterator[events.Event]:
    """Have an engine obey and train `steps` steps; everything that it tells until it rests again.

    Raises UserError for what it refuses to train, TrialError, CalledOffError.
    """
    for order in (*orders, commands.Run(steps)):
        feed.send(order)
    running = False
    while not called_off():
        for event in feed.poll(POLL):
            raise_if_lost(event)
            yield event
            if isinstance(event, events.StateChanged):
                if running and event.state in ("paused", "finished", "stopped"):
                    return
                running = running or event.state == "running"
    raise CalledOffError


def write_state(
    loaded: Loaded, info: RunInfo, start: str, steps: int, body: Path, called_off: Callable[[], bool]
) -> None:
    """Train `steps` steps from the state in the file `start` (the very beginning if empty); write the state to `body`.

    Raises UserError, TrialError, CalledOffError.
    """
    with engine(loaded, info.seed, info.device, Aside(start)) as feed:
        for _ in train(feed, steps, (), called_off) if steps else ():
            pass
        save(feed, body)


def save(feed: Feed, body: Path) -> Iterator[events.Event]:
    """Have a resting engine write its state to a file; what else it told meanwhile. Raises UserError, TrialError."""
    feed.send(commands.Save(str(body)))
    others: list[events.Event] = []
    while True:
        for event in feed.poll(POLL):
            raise_if_lost(event)
            if isinstance(event, events.Saved):
                if event.error:
                    raise UserError(f"cannot keep the state of the run: {event.error}")
                return iter(others)
            others.append(event)


def raise_if_lost(event: events.Event) -> None:
    """Raises UserError for what an engine refuses to train, TrialError where it failed or is gone."""
    if isinstance(event, events.RunFailed) and not event.traceback:
        raise UserError(event.error)
    if isinstance(event, events.RunFailed):
        text = f"the engine of a trial failed at step {event.step}: {event.error}\n{event.traceback}"
        raise TrialError(text.rstrip())
    if isinstance(event, events.EngineLost):
        raise TrialError(f"the engine of a trial was lost; the end of its log:\n{event.log.strip() or '(empty)'}")
