"""From a scenario's name or path to a session: everything heavy that must not hold up the first picture.

Imported and run in a thread of the app, after the first picture. The engine is started before numpy and all that needs
it is imported here: torch, which it imports, takes longest of all.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from nnlab.client.experiment import beside
from nnlab.client.live import LiveFeed
from nnlab.client.runtime import Place
from nnlab.client.upkeep import writer
from nnlab.errors import UserError
from nnlab.runs.folder import SUFFIX, new_file
from nnlab.scenario import catalog, load
from nnlab.scenario.errors import ScenarioErrors
from nnlab.scenario.override import argument
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Setting
from nnlab.ui.story import Story, paragraphs
from nnlab.wire.values import KnobValue, RunInfo

if TYPE_CHECKING:
    from nnlab.ui.session import Session


DATABASE = b"SQLite format 3"
"""How a run file of any name begins."""


@dataclass(frozen=True, slots=True)
class Options:
    """How runs are started. `pace`: None takes the scenario's. `record`: None is a new file in the runs
    folder, "" no file."""

    device: str = "auto"
    record: str | None = None
    paused: bool = False
    pace: float | None = None
    overrides: tuple[str, ...] = ()
    """As the arguments of `--set`."""
    at: tuple[str, ...] = ()
    """As the arguments of `--at`."""
    twin: bool | None = None
    """Whether a turn begins a ghost twin; None where that costs the run little."""


def attached(place: Place) -> "Session":
    """The run of an engine that is running. Leaving the session leaves it so. Raises UserError."""
    try:
        spec = json.loads(place.spec.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UserError("the engine has just ended") from None
    feed = LiveFeed.attach(place.socket, "lab")
    from nnlab.trials.twin import control  # noqa: PLC0415 - while the engine tells
    from nnlab.trials.twins import Twins  # noqa: PLC0415 - while the engine tells
    from nnlab.ui.session import Session  # noqa: PLC0415 - while the engine tells

    told = spec["scenario"]
    loaded = load.Loaded(Scenario.model_validate(told), spec["name"], None, spec["toml"], Path(spec["base_dir"]))
    twins = Twins(control(loaded, spec["seed"], spec["device"]), feed.send, wanted=False)
    story = Story(told["title"] or spec["name"], told["summary"], paragraphs(told["story"]))
    beside_it = partial(beside, place)
    return Session(feed, story, pace=spec["pace"], experiment=beside_it, guest=True, twins=twins, log=place.log)


def start(target: str, settings: Mapping[str, Setting], options: Options) -> "Session":
    """Load the scenario, with the keys in `settings` changed, and start its engine; or play a run file.

    With `settings` a run file's scenario is trained again. Raises UserError.
    """
    recorded = _recorded(target)
    if recorded and not settings:
        return replayed(target, options.pace)
    changes = (*options.overrides, *(argument(key, value) for key, value in settings.items()))
    loaded = _again(target, changes) if recorded else load.load(catalog.find(target), changes, options.at)
    missing = load.missing_files(loaded)
    if missing:
        raise ScenarioErrors(missing)
    seed = loaded.scenario.seed
    pace = loaded.scenario.train.pace if options.pace is None else options.pace
    feed = LiveFeed.start(
        loaded,
        seed=seed,
        device=options.device,
        record=str(new_file(loaded.name, seed)) if options.record is None else options.record,
        paused=options.paused,
        pace=pace,
        name="lab",
    )
    from nnlab.trials.twin import control  # noqa: PLC0415 - while the engine starts
    from nnlab.trials.twins import Twins  # noqa: PLC0415 - while the engine starts
    from nnlab.ui.session import Session  # noqa: PLC0415 - while the engine starts

    twins = Twins(control(loaded, seed, options.device), feed.send, wanted=options.twin)
    scenario = loaded.scenario
    told = paragraphs(scenario.story)
    story = Story(scenario.title or loaded.name, scenario.summary, told, scenario.lesson, loaded.path)
    log = feed.place.log
    return Session(feed, story, pace=pace, experiment=partial(beside, feed.place), twins=twins, log=log)


def _again(path: str, changes: tuple[str, ...]) -> load.Loaded:
    """What a recorded run trained, with some of its keys changed. Raises UserError."""
    from nnlab.runs.reader import RunFile  # noqa: PLC0415 - brings numpy, which no engine start waits for

    with RunFile(Path(path).expanduser()) as file:
        info = file.info
    base_dir = Path(info.base_dir or ".")
    return load.load_text(info.scenario_toml, info.scenario, base_dir, (f"seed={info.seed}", *changes))


def replayed(path: str, pace: float | None) -> "Session":
    """A session over a recorded run that is played, with the story of its scenario. Raises UserError."""
    from nnlab.client.replayed import ReplayedFeed  # noqa: PLC0415 - brings numpy, which no engine start waits for
    from nnlab.ui.session import Session  # noqa: PLC0415 - as above

    feed = ReplayedFeed(Path(path).expanduser(), pace)
    return Session(feed, story_of(feed.info), pace=feed.pace, recorded=True)


def story_of(info: RunInfo) -> Story:
    """The story of a recorded run's scenario."""
    told = tomllib.loads(info.scenario_toml)
    summary, story = (str(told.get(key, "")) for key in ("summary", "story"))
    return Story(info.title or info.scenario, summary, paragraphs(story))


def resumed(path: str, _: Mapping[str, KnobValue]) -> "Session":
    """A recorded run that was interrupted, as it goes on in the same file; or the engine that trains it now.

    Raises UserError.
    """
    from nnlab.programs.interrupted import interrupted  # noqa: PLC0415 - brings numpy, as above

    file = Path(path).expanduser().absolute()
    engine = writer(file)
    if engine is not None:
        return attached(engine.place)
    loaded, info = interrupted(file)
    pace = loaded.scenario.train.pace
    feed = LiveFeed.start(
        loaded, seed=info.seed, device=info.device, record=str(file), resume=True, pace=pace, name="lab"
    )
    from nnlab.trials.twin import control  # noqa: PLC0415 - while the engine starts
    from nnlab.trials.twins import Twins  # noqa: PLC0415 - while the engine starts
    from nnlab.ui.session import Session  # noqa: PLC0415 - while the engine starts

    twins = Twins(control(loaded, info.seed, info.device), feed.send, wanted=None)
    experiment, log = partial(beside, feed.place), feed.place.log
    return Session(feed, story_of(info), pace=pace, experiment=experiment, twins=twins, log=log)


def _recorded(target: str) -> bool:
    """Whether a run file is meant: by its suffix, or by what is in it."""
    path = Path(target).expanduser()
    if target.endswith(SUFFIX) or not path.is_file():
        return target.endswith(SUFFIX)
    with path.open("rb") as file:
        return file.read(len(DATABASE)) == DATABASE
