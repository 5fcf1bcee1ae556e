"""From a scenario's name or path to a session: everything heavy that must not hold up the first picture.

Runs in a thread of the app; imports of pydantic, numpy and the client happen here and not at the top of the app.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from nnlab.client.live import LiveFeed
from nnlab.scenario import catalog, load
from nnlab.ui.session import Session
from nnlab.wire.values import KnobValue


@dataclass(frozen=True, slots=True)
class Options:
    """How runs are started. `settings` are scenario keys that a remedy changed; `record` as `nnlab run` has it."""

    seed: int | None = None
    device: str = "auto"
    record: str | None = None
    paused: bool = False
    pace: float | None = None
    settings: Mapping[str, KnobValue] = field(default_factory=dict)

    def changed(self, settings: Mapping[str, KnobValue]) -> "Options":
        """The same with more scenario keys changed."""
        return replace(self, settings={**self.settings, **settings})


def start(target: str, options: Options) -> Session:
    """Load the scenario and start its engine. Raises UserError with what is wrong."""
    path = catalog.find(target)
    loaded = load.load(path)
    pace = loaded.scenario.train.pace if options.pace is None else options.pace
    feed = LiveFeed.start(
        loaded, seed=options.seed, device=options.device, record=options.record, paused=options.paused, pace=pace
    )
    return Session(feed, loaded.scenario.title or loaded.name, pace=pace)


def resolve(text: str) -> str:
    """What a user typed as a target: a path with its ~ opened, or a name."""
    return str(Path(text).expanduser()) if "~" in text else text
