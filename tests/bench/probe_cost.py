"""What measuring costs, as a share of engine time, on one thread: python tests/bench/probe_cost.py [ROUNDS]

The processor time of all probes and evaluations over that of the whole engine, in the same run, so that the share means
the same on a machine that others use. Rules: the doctor looks at what the engine told, which in a real run another
process does beside it; its time is put to that of the engine. Medians over the rounds.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import torch
from engine_speed import MLP, TOWERS

from nnlab.diagnosis.doctor import Doctor
from nnlab.engine.begin import begin
from nnlab.engine.instruments import Instruments
from nnlab.engine.logbook import Logbook
from nnlab.engine.run import Run
from nnlab.engine.spec import Spec
from nnlab.scenario.load import load_text
from nnlab.telemetry.history import History
from nnlab.wire.events import Event, StateChanged

BAG = TOWERS.replace('kind = "two-tower"', 'kind = "two-tower"\nencoder = "bag"')
CASES = (
    ("MLP 10-64-64-1, 10,000 steps", MLP, 10_000, 4000, 0.10),
    ("MLP 10-64-64-1, 2,000 steps", MLP.replace("10000", "2000"), 2000, 792, None),
    ("two towers, bigru, 2,000 steps", TOWERS, 2000, 640, 0.02),
    ("two towers, bigru, 1,000 steps", TOWERS.replace("2000", "1000"), 1000, 320, None),
    ("two towers, bag, 2,000 steps", BAG, 2000, 996, None),
)
"""Name, scenario, planned steps, steps of a round (whole turns of all instruments), the aim."""

spent = [0.0]
"""Seconds of processor time in instruments."""


def timed(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, its time counted."""

    @wraps(method)
    def call(*args: Any, **options: Any) -> Any:
        began = time.process_time()
        try:
            return method(*args, **options)
        finally:
            spent[0] += time.process_time() - began

    return call


class Told:
    """Stands for the server: keeps what is broadcast."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def broadcast(self, event: Event) -> None:
        self.events.append(event)

    def send(self, _: Any, events: Any) -> None:
        self.events.extend(events)


def engine(text: str, folder: Path) -> tuple[Run, Told]:
    """A running run, without a client."""
    loaded = load_text(text, name="bench", base_dir=folder)
    plain = loaded.scenario.model_dump(mode="json")
    told = Told()
    spec = Spec(plain, "bench", text, str(folder), 0, "cpu", "", "", "")
    run = begin(spec, told)  # type: ignore[arg-type]
    run.resume(10**9)
    return run, told


def measure(run: Run, steps: int) -> tuple[float, float]:
    """Share of the instruments, and seconds of processor time a step."""
    spent[0], began = 0.0, time.process_time()
    for _ in range(steps):
        run.advance()
    whole = time.process_time() - began
    return spent[0] / whole, whole / steps


def time_rules(run: Run, told: Told, planned: int) -> float:
    """Seconds of all looks of a run of `planned` steps, by those at what has been told."""
    info = replace(run.info, planned_steps=planned)
    history, doctor = History(info), Doctor(info)
    seconds = looks = 0.0
    for event in (*told.events, StateChanged(run.step, "stopped")):
        for _ in history.feed(event):
            began = time.process_time()
            doctor.look(history)
            seconds, looks = seconds + time.process_time() - began, looks + 1
    return seconds / looks * planned / info.diagnose_every


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for owner, names in ((Instruments, ("before_step", "after_step", "probe", "evaluate")), (Logbook, ("read",))):
        for name in names:
            setattr(owner, name, timed(getattr(owner, name)))
    with tempfile.TemporaryDirectory() as folder:
        for name, text, planned, steps, aim in CASES:
            run, told = engine(text, Path(folder))
            measure(run, steps)
            found = [measure(run, steps) for _ in range(rounds)]
            share, step = (statistics.median(column) for column in zip(*found, strict=True))
            rules = time_rules(run, told, planned) / (step * planned)
            wanted = "" if aim is None else f" (at most {aim:.0%})"
            print(
                f"{name}, probes every {run.info.probe_every}, evaluations every {run.info.eval_every}: "
                f"probes {share:.1%} of {step * 1e3:.2f} ms a step, rules {rules:.1%}, sum {share + rules:.1%}{wanted}",
                flush=True,
            )


if __name__ == "__main__":
    main()
