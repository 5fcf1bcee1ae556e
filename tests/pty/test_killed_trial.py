"""Whatever is killed during a trial: the run file is whole, and no engine is left."""

import os
import signal

import pytest
from frozen import frozen
from terminal import engines

from nnlab.runs.reader import RunFile

pytestmark = pytest.mark.slow


def test_the_engine_and_then_the_lab_are_killed(lab, place):
    terminal = lab(str(place.write("stuck.toml", frozen("steps = 4_000, pace = 100"))))
    terminal.wait_for("CRITICAL")
    (engine,) = engines(place.runtime)
    terminal.press("y")
    terminal.wait_for("at work", "From step")
    terminal.wait_until("forks", lambda: set(engines(place.runtime)) - {engine})
    os.kill(engine, signal.SIGKILL)
    terminal.wait_until("the engine's end", lambda: engine not in engines(place.runtime))
    assert "at work" in terminal.text
    terminal.signal(signal.SIGKILL)
    terminal.pump_until(lambda: not engines(place.runtime))
    assert engines(place.runtime) == []
    (path,) = place.runs.glob("*.nnlab")
    with RunFile(path) as run:
        done = run.done()
        assert done > 0
        assert max(one.step for one in run.snapshots()) <= done
    resumed = place.nnlab("resume", str(path), "--json")
    assert resumed.returncode == 0, resumed.stderr
    with RunFile(path) as run:
        assert run.done() == 4_000
