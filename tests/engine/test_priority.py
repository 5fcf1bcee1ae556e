"""A process that stands back does so among all, not only in its own session."""

import subprocess
import sys
from pathlib import Path

import pytest

ASKS = """
import os
from pathlib import Path
from nnlab.engine.priority import stand_back
stand_back(5)
group = Path("/proc/self/autogroup")
print(os.nice(0), group.read_text().split()[-1] if group.exists() else "none")
"""


def ask(*, session: bool) -> tuple[int, str]:
    """Niceness of a process that has stood back by 5, and of its session."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", ASKS], start_new_session=session, capture_output=True, text=True, check=True
    )
    own, group = done.stdout.split()
    return int(own), group


def test_a_session_of_its_own_stands_back_as_a_whole() -> None:
    own, group = ask(session=True)
    assert own >= 5
    if Path("/proc/self/autogroup").exists():
        assert group == "5"


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="sessions have no niceness here")
def test_a_session_that_is_shared_is_left_alone() -> None:
    before = Path("/proc/self/autogroup").read_text().split()[-1]
    assert ask(session=False)[1] == before
