"""A made-up run for the tests of the lab."""

from array import array
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from nnlab.client.scripted import ScriptedFeed
from nnlab.diagnosis.finding import Diagnosis, Evidence, Finding, Remedy
from nnlab.telemetry.history import History
from nnlab.ui.app import LabApp
from nnlab.ui.session import Session
from nnlab.ui.story import Story
from nnlab.wire import events
from nnlab.wire.values import KnobSpec, LayerSpec, RunInfo, SeriesSpec

KNOBS = (
    KnobSpec("lr", "learning rate", 0.1, "log", low=1e-6, high=10.0, step=1.2),
    KnobSpec("dropout", "dropout", 0.0, "linear", low=0.0, high=0.9, step=0.01),
    KnobSpec("flip_gradient", "flip gradient", False, "switch"),
)

INFO = RunInfo(
    run_id="r1",
    scenario="moons",
    title="Two moons",
    family="mlp",
    scenario_toml="",
    seed=7,
    device="cpu",
    planned_steps=100,
    batch_size=32,
    steps_per_epoch=10,
    eval_every=10,
    probe_every=10,
    diagnose_every=10,
    knobs=KNOBS,
    series=(SeriesSpec("train/loss", "loss"), SeriesSpec("val/accuracy", "accuracy", every=10)),
    layers=(LayerSpec("fc1", "linear", 2, 8), LayerSpec("out", "linear", 8, 2)),
    run_file="/tmp/nnlab-tests/r1.nnlab",
)

STORY = Story("Two moons", "They are interleaved.", "A line cannot part them.\n\nTry: a wider layer.")

OVERFITTING = Finding(
    mode="overfitting",
    severity="warning",
    confidence=0.9,
    since_step=20,
    detected_step=30,
    cleared_step=None,
    headline="Validation loss rose 38 % above its minimum.",
    because="The network is large for 200 examples.",
    evidence=(Evidence("train/loss", "fell by half", 0.2, 0.4, layer="fc1"),),
    remedies=(
        Remedy("Look at the data.", (), 3),
        Remedy("Switch dropout on.", ({"turn": "dropout", "to": 0.3},), 1),
        Remedy("Use a smaller network.", ({"action": "restart", "set": {"train.batch_size": 64}},), 2),
    ),
)


def loss_frame(start: int, stop: int, **rest: float) -> events.Frame:
    """Steps start … stop - 1 with a falling loss."""
    steps = array("q", range(start, stop))
    values = array("d", [1.0 / (1 + step) for step in steps])
    return events.Frame(stop, ("train/loss",), (steps,), (values,), seconds=stop / 10, steps_per_second=1000.0, **rest)


class FixedDoctor:
    """Finds overfitting from step 30 on."""

    def __init__(self, info: RunInfo) -> None:
        self.looks: list[int] = []

    def look(self, history: History) -> Diagnosis:
        """Note the boundary."""
        self.looks.append(history.step)
        if history.step < 30:
            return Diagnosis(history.step, "undecided", waiting={"plateau": "3 of 8 readings", "data-drift": "needs x"})
        return Diagnosis(history.step, "overfitting", OVERFITTING, (OVERFITTING,), (OVERFITTING,))


@dataclass
class Story:
    """A lab over a scripted feed."""

    feed: ScriptedFeed = field(default_factory=ScriptedFeed)
    opened: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def session(self) -> Session:
        """A session over the feed."""
        return Session(self.feed, STORY, doctor=FixedDoctor)

    def app(self, target: str | None = "moons") -> LabApp:
        """The lab, which opens the session for any scenario."""

        def starter(target: str, settings: object) -> Session:
            self.opened.append((target, dict(settings)))  # type: ignore[call-overload]
            return self.session()

        return LabApp(target, starter)


@pytest.fixture
def story() -> Story:
    """A lab whose engine has not said anything yet."""
    return Story()


@pytest.fixture
def info() -> RunInfo:
    """The made-up run."""
    return INFO


@pytest.fixture
def frame() -> Callable[..., events.Frame]:
    """Makes frames of the made-up run."""
    return loss_frame


@pytest.fixture
def until() -> Callable[..., Awaitable[None]]:
    """Lets an app work until a condition holds."""

    async def wait(pilot: object, condition: Callable[[], bool]) -> None:
        for _ in range(6000):
            await pilot.pause(0.01)  # type: ignore[attr-defined]
            if condition():
                return
        raise AssertionError("the awaited state never came")

    return wait
