"""Standing back for other processes."""

import contextlib
import os
from pathlib import Path

AUTOGROUP = Path("/proc/self/autogroup")
"""Where Linux keeps the niceness of a session as a whole (sched(7)); other systems have none."""


def stand_back(nice: int) -> None:
    """Let others go first, by so much (see `os.nice`).

    Where Linux shares out the processors among sessions first, niceness counts within one only; so a process that has a
    session to itself has it stand back as a whole.
    """
    os.nice(nice)
    if nice and os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            AUTOGROUP.write_text(str(nice), encoding="ascii")
