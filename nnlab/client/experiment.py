"""Starting an experiment in a process of its own and waiting for its result: torch stays out of this one."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nnlab.client.launch import Startable, environment, log_tail
from nnlab.errors import UserError
from nnlab.wire.experiments import Reexecuted, Result, rebuilt

MODULE = "nnlab.engine.experiments"


class ExperimentError(Exception):
    """The process died or hit an error of its own; the message is for people."""


def experiment(
    name: str, loaded: Startable, *, seed: int, device: str, tell: Callable[[str], None] = lambda _: None
) -> Result:
    """Perform "overfit-batch", "lr-range", "checkup" or "replay-batches" on a scenario; `tell` hears of each part.

    Raises UserError for what the user can put right, ExperimentError otherwise. On any exception (ctrl+c) the process
    is ended first.
    """
    order: dict[str, Any] = {
        "experiment": name,
        "scenario": loaded.scenario.model_dump(mode="json"),
        "base_dir": str(loaded.base_dir),
        "seed": seed,
        "device": device,
    }
    return _perform(order, tell)


def replay(file: Path, tell: Callable[[str], None] = lambda _: None) -> Reexecuted:
    """Do the run of a run file again and compare; `tell` hears how far it is. Raises as `experiment`."""
    result = _perform({"experiment": "replay", "file": str(file.absolute())}, tell)
    assert isinstance(result, Reexecuted)
    return result


def _perform(order: dict[str, Any], tell: Callable[[str], None]) -> Result:
    with tempfile.TemporaryDirectory(prefix="nnlab-") as private:
        told, log = Path(private) / "order.json", Path(private) / "log"
        told.write_text(json.dumps(order), encoding="utf-8")
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", MODULE, str(told)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env=environment(),
                encoding="utf-8",
            )
        try:
            return _result(process, log, tell)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _result(process: "subprocess.Popen[str]", log: Path, tell: Callable[[str], None]) -> Result:
    assert process.stdout is not None
    for line in process.stdout:
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
