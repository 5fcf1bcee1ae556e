"""One case trained by the engine, in this process, and its run file told to the doctor boundary by boundary.

A run file is kept under the case's configuration and seed: training is the slow part, and another version of the
rules can read it again.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from nnlab.client.recorded import RecordedFeed
from nnlab.diagnosis.doctor import Doctor
from nnlab.diagnosis.finding import Diagnosis
from nnlab.scenario.load import load_text
from nnlab.telemetry.history import History
from nnlab.wire.events import RunStarted

from .case import Case


@dataclass(frozen=True, slots=True)
class Course:
    """What the doctor said at each boundary, and the last value of each series; `val/rise` is the validation loss over
    its lowest, less 1."""

    planned: int
    looks: tuple[Diagnosis, ...]
    last: dict[str, float]


def follow(case: Case, seed: int, folder: Path) -> Course:
    """The course of a case; trains it first where `folder` has no run file of it."""
    file = folder / f"{case.name}.{seed}.{case.digest}.nnlab"
    if not file.exists():
        unfinished = file.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _train(case, seed, folder, unfinished)
        unfinished.rename(file)
    return diagnose(file)


def diagnose(file: Path) -> Course:
    """The course that a run file tells."""
    feed = RecordedFeed(file, frames_per_poll=64)
    history, doctor, looks = History(feed.info), Doctor(feed.info), []
    while not feed.done:
        for event in feed.poll(0.0):
            if not isinstance(event, RunStarted):
                looks += [doctor.look(history) for _ in history.feed(event)]
    feed.close()
    last = {name: series.last for name in history.names() if (series := history.get(name)) is not None}
    held = history.get("val/loss")
    if held is not None:
        last["val/rise"] = held.last / float(held.values.min()) - 1
    return Course(feed.info.planned_steps, tuple(looks), last)


def _train(case: Case, seed: int, folder: Path, record: Path) -> None:
    import torch

    from nnlab.engine.begin import begin
    from nnlab.engine.server import Server
    from nnlab.engine.spec import Spec

    torch.set_num_threads(1)
    loaded = load_text(case.toml, name=case.name, base_dir=folder)
    with tempfile.TemporaryDirectory() as place:
        socket = Path(place) / "socket"
        server = Server(socket)
        plain = loaded.scenario.model_dump(mode="json")
        spec = Spec(plain, case.name, case.toml, str(folder), seed, "cpu", str(record), str(socket), f"{place}/log")
        run = begin(spec, server)
        run.resume()
        while run.state == "running":
            run.advance()
        run.end("finished")
        server.close(0.0)
