"""Small scenarios, runs in this process, and engines in processes of their own that start from a warm template."""

import contextlib
import json
import multiprocessing
import os
import runpy
import signal
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from nnlab.client.live import LiveFeed
from nnlab.engine.begin import begin
from nnlab.engine.run import Run
from nnlab.engine.spec import Spec
from nnlab.scenario.load import load_text
from nnlab.wire.events import EngineLost, Event, Frame, RunFailed, StateChanged

TEXTS = {
    "mlp": """
        [data]
        kind = "blobs"
        samples = 125
        [model]
        kind = "mlp"
        hidden = [8, 6]
        [objective]
        kind = "cross_entropy"
        [train]
        steps = 40
        batch_size = 16
        """,
    "regression": """
        [data]
        kind = "linear"
        samples = 125
        features = 4
        [model]
        kind = "mlp"
        hidden = [8, 6]
        activation = "tanh"
        [objective]
        kind = "mse"
        [train]
        steps = 40
        batch_size = 16
        """,
    "stream": """
        family = "drift"
        [data]
        kind = "stream"
        features = 4
        start_step = 20
        [model]
        kind = "mlp"
        hidden = [8]
        [objective]
        kind = "cross_entropy"
        [train]
        steps = 40
        batch_size = 32
        """,
    "towers": """
        family = "towers"
        data = { kind = "triplets", queries = 40, topics = 5, vocab_size = 50, query_length = 3, document_length = 4 }
        model = { kind = "two-tower", encoder = "bag", embedding_dim = 6, hidden_dim = 4, output_dim = 5 }
        objective = { kind = "triplet" }
        train = { steps = 20, batch_size = 8 }
        """,
}


class Told:
    """Stands for the server: keeps what is broadcast."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def broadcast(self, event: Event) -> None:
        self.events.append(event)

    def send(self, client: Any, events: Sequence[Event]) -> None:
        client.extend(events)


def scalars(events: Sequence[Event]) -> dict[str, dict[int, bytes]]:
    """Every point told, bit for bit: series → step → the float64's bytes. A step told twice is an error."""
    found: dict[str, dict[int, bytes]] = {}
    for event in events:
        if isinstance(event, Frame):
            for name, steps, values in zip(event.series, event.steps, event.values, strict=True):
                column = found.setdefault(name, {})
                for step, value in zip(steps, values, strict=True):
                    assert step not in column, f"{name} at {step} told twice"
                    column[step] = array("d", [value]).tobytes()
    return found


def others(events: Sequence[Event]) -> list[Event]:
    """Everything but frames."""
    return [event for event in events if not isinstance(event, Frame)]


@dataclass
class Trained:
    """A run in this process and what it told."""

    run: Run
    told: list[Event]
    record: Path | None = None

    def train(self, steps: int | None = None) -> "Trained":
        """Resume (for `steps` steps, or to the end) and go on while it runs."""
        self.run.resume(steps)
        return self.go()

    def go(self) -> "Trained":
        """Go on while it runs, and have everything told."""
        while self.run.state == "running":
            self.run.advance()
        self.run.frame()
        return self

    @property
    def training(self) -> Any:
        return self.run.training

    @property
    def values(self) -> Tensor:
        """A copy of the flat parameters."""
        return self.training.parameters.values.clone()

    def series(self, name: str) -> dict[int, float]:
        """A told series as numbers."""
        return {step: array("d", bits)[0] for step, bits in scalars(self.told).get(name, {}).items()}


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@dataclass
class Kit:
    """Makes runs and specs in a folder of its own."""

    folder: Path
    count: int = 0
    engines: list[BaseProcess] = field(default_factory=list)
    feeds: list[LiveFeed] = field(default_factory=list)

    def spec(self, kind: str, *keys: str, at: Sequence[str] = (), text: str = "", **options: Any) -> Spec:
        """The spec of a small scenario with `--set` overrides, `--at` interventions and more TOML."""
        self.count += 1
        loaded = load_text(TEXTS[kind] + text, name="small", base_dir=self.folder, overrides=keys, at=at)
        place = self.folder / f"s{self.count}"
        usual = {"seed": 3, "device": "cpu", "record": "", "socket": f"{place}.sock", "log": f"{place}.log"}
        plain = loaded.scenario.model_dump(mode="json")
        return Spec(plain, "small", loaded.text, str(self.folder), **usual | options)

    def begin(self, kind: str, *keys: str, at: Sequence[str] = (), text: str = "", **options: Any) -> Trained:
        """A run in this process, ready for its first step."""
        told = Told()
        spec = self.spec(kind, *keys, at=at, text=text, **options)
        run = begin(spec, told)
        return Trained(run, told.events, Path(spec.record) if spec.record else None)

    def engine(self, spec: Spec) -> BaseProcess:
        """An engine process for a spec: the very `python -m nnlab.engine SPEC`, forked after torch is imported."""
        path = Path(spec.socket).with_suffix(".json")
        path.write_text(json.dumps(asdict(spec)))
        process = multiprocessing.get_context("forkserver").Process(
            target=runpy.run_module, args=("nnlab.engine",), kwargs={"run_name": "__main__", "alter_sys": True}
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["nnlab.engine", str(path)])
            process.start()
        self.engines.append(process)
        return process

    def live(self, kind: str, *keys: str, at: Sequence[str] = (), text: str = "", **options: Any) -> "Live":
        """An engine process and a feed on it."""
        return self.follow(self.spec(kind, *keys, at=at, text=text, **options))

    def follow(self, spec: Spec) -> "Live":
        """An engine process for a spec and a feed on it."""
        return Live(self, spec, self.engine(spec)).watch()

    def close(self) -> None:
        """Leave nothing behind."""
        for feed in self.feeds:
            feed.close()
        for process in self.engines:
            if process.is_alive():
                os.kill(process.pid or 0, signal.SIGKILL)
            process.join()


@dataclass
class Live:
    """An engine process with feeds on it; `told` is what the first one got."""

    kit: Kit
    spec: Spec
    process: BaseProcess
    told: list[Event] = field(default_factory=list)
    feed: Any = None

    def attach(self) -> LiveFeed:
        """One more feed."""
        feed = LiveFeed.attach(self.spec.socket)
        self.kit.feeds.append(feed)
        return feed

    def watch(self) -> "Live":
        """Attach the first feed as soon as the socket is there."""
        while self.process.is_alive() and self.feed is None:
            unborn = contextlib.suppress(FileNotFoundError, ConnectionRefusedError)
            with unborn, contextlib.closing(_connect(self.spec.socket)):
                self.feed = self.attach()
        return self

    def until(self, wanted: Callable[[Event], bool], count: int = 1, feed: LiveFeed | None = None) -> list[Event]:
        """Everything up to the `count`-th wanted event, or the end."""
        source = feed or self.feed
        found: list[Event] = []
        while sum(map(wanted, found)) < count and not source.over:
            found += source.poll(30.0)
        if source is self.feed:
            self.told += found
        return found

    def until_state(self, state: str, feed: LiveFeed | None = None) -> list[Event]:
        """Everything up to a state of the run."""
        return self.until(lambda event: isinstance(event, StateChanged) and event.state == state, feed=feed)

    def settle(self, state: str) -> "Live":
        """Go on until the run is in a state; not at all if it is."""
        while [event.state for event in self.told if isinstance(event, StateChanged)][-1:] != [state]:
            self.told += self.feed.poll(30.0)
            assert not self.feed.over
        return self

    def until_end(self) -> list[Event]:
        """Everything up to the engine's farewell, or to its loss."""
        return self.until(lambda event: isinstance(event, RunFailed | EngineLost))

    def exit_code(self) -> int | None:
        """How the process ended."""
        self.process.join()
        return self.process.exitcode


def _connect(path: str) -> Any:
    import socket

    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["nnlab.engine.lab"])


@pytest.fixture
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """Scenarios, runs and engines."""
    made = Kit(tmp_path_factory.mktemp("e"))
    yield made
    made.close()


@pytest.fixture
def points() -> Callable[[Sequence[Event]], dict[str, dict[int, bytes]]]:
    """`scalars`: every point told, bit for bit."""
    return scalars


@pytest.fixture
def without_frames() -> Callable[[Sequence[Event]], list[Event]]:
    """`others`: everything but frames."""
    return others
