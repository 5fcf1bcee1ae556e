"""A process that stands back does so among all, not only in its own session."""

import subprocess
import sys
from pathlib import Path

GROUP = Path("/proc/self/autogroup")
"""What Linux holds of a session as a whole; missing, or empty, where sessions have no niceness."""

ASKS = f"""
import os
from pathlib import Path
from nnlab.engine.priority import stand_back
stand_back(5)
group = Path({str(GROUP)!r})
print(os.nice(0), group.read_text() if group.exists() else "")
"""


def ask(*, session: bool) -> list[str]:
    """Niceness of a process that has stood back by 5, and what is held of its session, word by word."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", ASKS], start_new_session=session, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_a_session_of_its_own_stands_back_as_a_whole() -> None:
    own, *group = ask(session=True)
    assert int(own) >= 5
    if group:
        assert group[-1] == "5"


def test_a_session_that_is_shared_is_left_alone() -> None:
    before = GROUP.read_text().split() if GROUP.exists() else []
    assert ask(session=False)[1:] == before
