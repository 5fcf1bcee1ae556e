"""The lab in plain lines, with a real engine and without a terminal."""

import subprocess

import pytest
from terminal import NNLAB, ROOT

pytestmark = pytest.mark.slow


def told(place, typed: str, *words: str) -> list[str]:
    """The lines that a command told when it was given these."""
    done = subprocess.run(
        [*NNLAB, *words], cwd=ROOT, env=place.env, input=typed, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    return done.stdout.splitlines()


def test_a_run_is_steered_by_lines_and_its_recording_is_told(place):
    record = place.folder / "told.nnlab"
    typed = "step 20\nset lr 0.01\nset lr a-lot\nstep 20\nquit\n"
    lines = told(place, typed, place.scenario(), "--plain", "--paused", "--record", str(record))
    assert "paused at step 20" in lines
    assert "step 20: lr from 0.001 to 0.01, by you" in lines
    assert any(line.startswith("error: lr takes a number from") for line in lines)
    again = told(place, "", "replay", str(record), "--plain", "--pace", "0")
    assert "step 20: lr from 0.001 to 0.01, by you" in again
    assert any(line.startswith("finished at step ") for line in again)
