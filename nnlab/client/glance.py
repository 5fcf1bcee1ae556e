"""A look at a running engine: how far it is."""

import time
from dataclasses import dataclass

from nnlab.client.live import LiveFeed
from nnlab.client.runtime import Place
from nnlab.wire.events import Frame, RunStarted, StateChanged
from nnlab.wire.values import RunState

PATIENCE = 2.0
"""Seconds to wait for an engine that is still importing torch, or in a long step."""
QUIET = 0.1
"""Seconds without news after which everything has been told."""


@dataclass(frozen=True, slots=True)
class Glance:
    """State and steps done; `planned_steps` is 0 and `run_file` "" where the engine has not said them."""

    state: RunState = "warming"
    step: int = 0
    planned_steps: int = 0
    run_file: str = ""


def glance(place: Place) -> Glance:
    """What an engine tells of its run, within some seconds."""
    feed = LiveFeed.attach(place.socket, "nnlab ps")
    state: RunState = "warming"
    step = planned = 0
    run_file, told = "", False
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline and not feed.over:
            events = feed.poll(QUIET)
            for event in events:
                match event:
                    case RunStarted(info):
                        planned, run_file, told = info.planned_steps, info.run_file, True
                    case Frame():
                        step = event.step
                    case StateChanged():
                        state = event.state
            if told and not (events and step == 0):
                break
    finally:
        feed.close()
    return Glance(state, step, planned, run_file)
