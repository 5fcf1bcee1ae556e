"""What this process takes of the machine. Standard library only: engine and lab both measure themselves with it."""

import contextlib
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Usage:
    """Processor time of all threads and the clock, in seconds; memory in RAM in bytes (its peak where the system does
    not tell the present size)."""

    processor: float
    clock: float
    memory: float


def usage() -> Usage:
    """As it is now."""
    return Usage(time.process_time(), time.monotonic(), _memory())


def _memory() -> float:
    with contextlib.suppress(OSError, ValueError, IndexError):
        return float(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    peak = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return peak if sys.platform == "darwin" else peak * 1024.0
