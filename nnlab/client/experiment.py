"""Experiments in a process of their own: torch stays out of this one, and a run that goes on is not held up."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nnlab.client.launch import Startable, environment, log_tail
from nnlab.client.runtime import Place
from nnlab.errors import UserError
from nnlab.wire.experiments import Reexecuted, Result, rebuilt

MODULE = "nnlab.engine.experiments"
NICE = 10
"""How far an experiment beside a run stands back for the run."""


class ExperimentError(Exception):
    """The process died or hit an error of its own; the message is for people."""


class Experiment:
    """One experiment, told by an order (see `nnlab.engine.experiments.perform.Order`, and `replay`)."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        """Nothing is started yet."""
        self._order = order
        self._process: subprocess.Popen[str] | None = None
        self._starting = threading.Lock()
        self.cancelled = False

    def perform(self, tell: Callable[[str], None] = lambda _: None) -> Result:
        """Start the process and wait for its result; `tell` hears of each part.

        Raises UserError for what the user can put right, ExperimentError otherwise and when it is cancelled. On any
        exception (ctrl+c) the process is ended first.
        """
        with tempfile.TemporaryDirectory(prefix="nnlab-") as private:
            told, log = Path(private) / "order.json", Path(private) / "log"
            told.write_text(json.dumps(self._order), encoding="utf-8")
            process = self._start(told, log)
            try:
                return _result(process, log, tell)
            finally:
                process.kill()
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()

    def cancel(self) -> None:
        """End it, from another thread: `perform` raises ExperimentError."""
        with self._starting:
            self.cancelled = True
            if self._process is not None:
                self._process.kill()

    def _start(self, told: Path, log: Path) -> "subprocess.Popen[str]":
        with self._starting, log.open("wb") as errors:
            if self.cancelled:
                raise ExperimentError("cancelled before it began")
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE, str(told)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env=environment(),
                encoding="utf-8",
            )
            return self._process


def experiment(
    name: str, loaded: Startable, *, seed: int, device: str, tell: Callable[[str], None] = lambda _: None
) -> Result:
    """Perform an experiment on a scenario, by the name of its command. Raises as `Experiment.perform`."""
    order = {
        "experiment": name,
        "scenario": loaded.scenario.model_dump(mode="json"),
        "base_dir": str(loaded.base_dir),
        "seed": seed,
        "device": device,
    }
    return Experiment(order).perform(tell)


def replay(file: Path, tell: Callable[[str], None] = lambda _: None) -> Reexecuted:
    """Do the run of a run file again and compare; `tell` hears how far it is. Raises as `Experiment.perform`."""
    result = Experiment({"experiment": "replay", "file": str(file.absolute())}).perform(tell)
    assert isinstance(result, Reexecuted)
    return result


def explaining(
    file: str | Path, step: int, branch: int = -1, recorded: float | None = None, nice: int = 0
) -> Experiment:
    """The explanation of a step of a run file, on a branch (-1: the current one): its result is a `PointAgain`.

    Where another process is writing the file, which is behind by a second at most, `recorded` is the step's loss.
    """
    path = str(Path(file).absolute())
    told = {"experiment": "explain-step", "file": path, "step": step, "branch": branch, "recorded": recorded}
    return Experiment(told | {"nice": nice})


def beside(place: Place, name: str, **more: Any) -> Experiment:
    """An experiment on the run of an engine, which goes on undisturbed: at low priority, on copies. `more` are further
    fields of the order. Raises UserError where the engine is gone.
    """
    try:
        spec = json.loads(place.spec.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UserError("the engine of this run is gone, and with it what it trained") from None
    kept = {key: spec[key] for key in ("scenario", "base_dir", "seed", "device")}
    return Experiment({"experiment": name, "nice": NICE} | kept | more)


def _result(process: "subprocess.Popen[str]", log: Path, tell: Callable[[str], None]) -> Result:
    assert process.stdout is not None
    for line in process.stdout:
        if not line.endswith("\n"):
            break  # ended in the middle of a word, as by `cancel`
        answer = json.loads(line)
        if "progress" in answer:
            tell(answer["progress"])
        elif "error" in answer:
            raise UserError(answer["error"])
        else:
            return rebuilt(*answer["result"])
    code = process.wait()
    tail = log_tail(log).strip()
    if "No module named 'torch'" in tail:
        raise UserError("torch is not installed for this Python; install it with: pip install torch")
    raise ExperimentError(f"the experiment failed (exit status {code}); the end of its log:\n{tail or '(empty)'}")
