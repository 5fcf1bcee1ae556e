"""What only a real terminal shows of the gallery: an editor that has the terminal, and a run that goes on."""

import os
import signal

import pytest
from terminal import SHOWN, engines

from nnlab.runs.reader import RunFile

pytestmark = pytest.mark.slow

EDITOR = """#!/bin/sh
printf 'editing %s\\n' "${1##*/}"
read answer
sed -i "s/^steps/$answer/" "$1"
"""


def test_the_editor_has_the_terminal_and_errors_stand_in_place(lab, place):
    editor = place.write("my editor", EDITOR)
    editor.chmod(0o755)
    terminal = lab(EDITOR=f"'{editor}'")
    terminal.wait_for("ways a network can fare", "The world moves on")
    terminal.press("e")
    terminal.wait_for("editing drift-hurts-mine.toml")
    assert not terminal.modes[SHOWN]
    terminal.press("stepz", "enter")
    terminal.wait_for("this file has errors", 'unknown key "stepz"', "has errors")
    assert terminal.modes[SHOWN]
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.restored == []


def test_an_interrupted_run_goes_on_from_the_list(lab, place):
    terminal = lab(place.scenario(steps=1500), "--pace", "200")
    terminal.wait_until("training", lambda: len(engines(place.runtime)) == 1 and "running" in terminal.text)
    os.kill(engines(place.runtime)[0], signal.SIGKILL)
    terminal.wait_for("the engine is gone")
    terminal.press("q")
    terminal.wait_exit()
    (path,) = place.runs.glob("*.nnlab")
    again = lab()
    again.wait_for("ways a network can fare")
    again.press("r")
    again.wait_for("interrupted", "resume")
    again.press("r")
    again.wait_for("finished", "1,500 / 1,500", limit=60)
    again.press("q")
    assert again.wait_exit() == 0
    with RunFile(path) as run:
        assert run.done() == 1500
    assert len(list(place.runs.glob("*.nnlab"))) == 1
