"""What is around the run: the log of its engine, and what engine and lab take of the machine."""

import contextlib
import os
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from nnlab.usage import Usage, usage
from nnlab.wire.events import Inspected, InspectionRefused

KEPT = 60
"""Samples of the machine: a minute of them, as they are a second apart at least."""
TAIL = 64 * 1024
"""Bytes of a log that are read."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Cores in use by engine and lab since the sample before; memory of both, and of the GPU, in bytes.

    `gpu_load` is the share of the time in which the GPU worked; NaN stands for what is not there or not known.
    """

    engine_cores: float
    lab_cores: float
    engine_memory: float
    lab_memory: float
    gpu_load: float = float("nan")
    gpu_memory: float = float("nan")
    gpu_total: float = float("nan")
    gpu: str = ""


class Surroundings:
    """Of one session; `log` is the path of the engine's log, None where there is none."""

    def __init__(self, log: Path | None = None) -> None:
        self._log = log
        self._stamp: tuple[int, float] | None = None
        self._lines: tuple[str, ...] = ()
        self._before: tuple[Usage, Usage] | None = None
        self.samples: deque[Sample] = deque(maxlen=KEPT)

    def hear(self, told: Inspected | InspectionRefused) -> None:
        """Take in an answer of the engine about the machine, and look at this process beside it."""
        if told.what != "machine" or not isinstance(told, Inspected):
            return
        engine, lab = Usage(_get(told, "processor"), _get(told, "clock"), _get(told, "memory")), usage()
        before, self._before = self._before, (engine, lab)
        if before is None or engine.clock <= before[0].clock:
            return
        cores = [_cores(old, new) for old, new in zip(before, (engine, lab), strict=True)]
        load, memory, total = (_get(told, name) for name in ("gpu_load", "gpu_memory", "gpu_total"))
        of_gpu = load, memory, total, " ".join(told.texts)
        self.samples.append(Sample(cores[0], cores[1], engine.memory, lab.memory, *of_gpu))

    def log(self) -> tuple[str, ...] | None:
        """The last lines of the engine's log; None where none is kept. Read again only when it has grown."""
        if self._log is None:
            return None
        with contextlib.suppress(OSError):
            state = self._log.stat()
            stamp = state.st_size, state.st_mtime
            if stamp != self._stamp:
                with self._log.open("rb") as file:
                    file.seek(max(0, state.st_size - TAIL))
                    text = file.read().decode(errors="replace")
                self._stamp, self._lines = stamp, tuple(text.splitlines())
        return self._lines


def machine_load() -> tuple[int, float]:
    """Cores of this machine, and how many processes wanted one over the last minute (NaN where it does not tell)."""
    with contextlib.suppress(OSError):
        return os.cpu_count() or 1, os.getloadavg()[0]
    return os.cpu_count() or 1, float("nan")


def _cores(before: Usage, now: Usage) -> float:
    return (now.processor - before.processor) / max(now.clock - before.clock, 1e-9)


def _get(told: Inspected, name: str) -> float:
    return float(told.get(name)[0]) if name in told.names else float("nan")
