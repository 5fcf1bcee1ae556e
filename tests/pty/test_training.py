"""The lab with a real engine, from the first picture to the run file."""

import os
import re
import signal
import sqlite3
from pathlib import Path

import pytest
from terminal import NNLAB, engines

from nnlab.runs.reader import RunFile

pytestmark = pytest.mark.slow

POSITION = re.compile(r"([\d,]+) / [\d,]+ ")

ROWS = [f"{x / 40},{y / 10},{'yes' if x / 40 > y / 10 else 'no'}" for x in range(40) for y in range(10)]

TABLE = """
title = "My own table"
[data]
kind = "table"
path = "mine.csv"
target = "label"
[model]
kind = "mlp"
hidden = [8]
[objective]
kind = "cross_entropy"
[train]
steps = 200
"""


def step(terminal) -> int:
    """Steps done, as the status line says; -1 before the first."""
    found = POSITION.search(terminal.screen.display[0])
    return int(found[1].replace(",", "")) if found else -1


def test_a_session(lab, place):
    terminal = lab(place.scenario())
    terminal.wait_until("training", lambda: step(terminal) > 0)
    assert b"warming up" in terminal.raw
    terminal.wait_for("running", "loss", "gradient norm", "diagnosis", "knobs", "layers", "journal")

    terminal.press("space")
    terminal.wait_for("paused")
    terminal.press("k")
    terminal.wait_for("▸ learning rate")
    before = terminal.row("▸ learning rate").split()[-1]
    terminal.press("right")
    terminal.wait_until("an applied knob", lambda: terminal.row("▸ learning rate").split()[-1] != before)
    terminal.wait_for("◇ lr 0.001 →")
    terminal.press("space")
    terminal.wait_for("running")

    terminal.resize(50, 14)
    terminal.wait_for("too small")
    at = step(terminal)
    terminal.resize(80, 24)
    terminal.wait_for("running", "surface", "journal", "diagnosis", "knobs")
    terminal.wait_until("training went on", lambda: step(terminal) > at)
    terminal.resize(200, 60)
    terminal.wait_for("gradient norm", "surface", "layers", "journal", "by you", "diagnosis", "knobs")

    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.restored == []
    assert engines(place.runtime) == []
    (path,) = place.runs.glob("*.nnlab")
    assert path.name in terminal.text.replace("\n", "")
    with RunFile(path) as run:
        assert [event.knob for event in run.events("knob")] == ["lr"]


def test_a_remedy_by_its_number(lab):
    terminal = lab("exploding-gradients", "--paused")
    terminal.wait_for("paused")
    for done in range(1, 13):
        terminal.press("s")
        terminal.wait_for(f" {done} / 1,000")
    terminal.wait_for("CRITICAL", "exploding gradients")
    terminal.wait_until("a remedy that turns a knob", lambda: re.search(r"\d {1,3}a tenth of the", terminal.text))
    key = re.search(r"(\d) {1,3}a tenth of the", terminal.text)[1]
    terminal.press(key)
    terminal.wait_for("◇ lr 0.03 → 0.003")


def with_a_twin(terminal, place) -> tuple[int, int]:
    """Turn a knob of a run that goes on; the processes of its engine and of the twin that begins."""
    terminal.wait_until("training", lambda: step(terminal) > 0)
    (engine,) = engines(place.runtime)
    terminal.press("k")
    terminal.wait_for("▸ learning rate")
    terminal.press("right")
    terminal.wait_until("a twin", lambda: len(engines(place.runtime)) == 2)
    (twin,) = set(engines(place.runtime)) - {engine}
    return engine, twin


def test_a_killed_engine_is_told_and_started_again(lab, place):
    terminal = lab(place.scenario())
    engine, _ = with_a_twin(terminal, place)
    os.kill(engine, signal.SIGKILL)
    terminal.wait_for("the engine is gone", "signal 9", "restart")
    terminal.wait_until("the end of the twin", lambda: not engines(place.runtime))
    terminal.press("r")
    terminal.wait_gone("the engine is gone")
    terminal.wait_until("training", lambda: step(terminal) > 0 and "running" in terminal.text)
    assert engines(place.runtime) not in ([], [engine])
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert all(opens(path) for path in place.runs.glob("*.nnlab"))
    assert len(list(place.runs.glob("*.nnlab"))) == 2


def test_a_killed_lab_leaves_a_whole_run_and_no_engine(lab, place):
    terminal = lab(place.scenario(steps=20_000))
    engine, _ = with_a_twin(terminal, place)
    terminal.signal(signal.SIGKILL)
    terminal.process.wait()
    assert terminal.pump_until(lambda: engines(place.runtime) == [engine], limit=120)
    assert terminal.pump_until(lambda: not engines(place.runtime), limit=240)
    (path,) = place.runs.glob("*.nnlab")
    with RunFile(path) as run:
        assert run.done() == 20_000


@pytest.mark.parametrize("wrapper", [(), ("setsid", "--wait")], ids=["told", "not told by the kernel"])
def test_a_terminal_that_goes_away_takes_lab_and_engine_along(lab, place, wrapper):
    terminal = lab(command=(*wrapper, *NNLAB, place.scenario(steps=100_000)))
    terminal.wait_until("training", lambda: step(terminal) > 0)
    terminal.hang_up()
    assert terminal.process.wait(240) != 0
    assert terminal.pump_until(lambda: not engines(place.runtime), limit=240)
    (path,) = place.runs.glob("*.nnlab")
    assert opens(path)


@pytest.mark.parametrize("how", [signal.SIGTERM, "ctrl+c"])
def test_being_ended_while_training(lab, place, how):
    terminal = lab(place.scenario())
    terminal.wait_until("training", lambda: step(terminal) > 0)
    if isinstance(how, signal.Signals):
        terminal.signal(how)
    else:
        terminal.press(how)
    assert terminal.wait_exit() == (128 + how if isinstance(how, signal.Signals) else 0)
    assert terminal.restored == []
    assert engines(place.runtime) == []
    assert all(opens(path) for path in place.runs.glob("*.nnlab"))


def test_an_own_table(lab, place):
    place.write("mine.csv", "\n".join(["width,height,label", *ROWS]))
    path = str(place.write("mine.toml", TABLE))
    done = place.nnlab("run", path, "--json")
    assert done.returncode == 0, done.stderr
    assert '"val/accuracy"' in done.stdout
    terminal = lab(path)
    terminal.wait_for("My own table", "finished", "200 / 200")
    terminal.press("q")
    assert terminal.wait_exit() == 0


def test_a_bad_table(place):
    place.write("mine.csv", "\n".join(["width,height,label", "1.0,two,yes", *ROWS]))
    done = place.nnlab("run", str(place.write("mine.toml", TABLE)))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "mine.csv" in done.stderr
    assert "two" in done.stderr.lower()


def test_a_bad_table_in_the_lab(lab, place):
    place.write("mine.csv", "\n".join(["width,height,label", "1.0,two,yes", *ROWS]))
    terminal = lab(str(place.write("mine.toml", TABLE)))
    terminal.wait_for("mine.csv", "two")
    assert "Traceback" not in terminal.text
    terminal.press("q")
    assert terminal.wait_exit() == 2
    assert terminal.restored == []


def opens(path: Path) -> bool:
    """Whether the run file is whole for SQLite and for us."""
    with sqlite3.connect(path) as database:
        (verdict,) = database.execute("PRAGMA integrity_check").fetchone()
    with RunFile(path) as run:
        return verdict == "ok" and run.info.planned_steps > 0
