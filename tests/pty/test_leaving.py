"""However the lab ends, the terminal is as it was before."""

import shlex
import shutil
import signal

import pytest
from terminal import NNLAB, SHOWN

pytestmark = pytest.mark.slow

MOUSE = ("1000", "1002", "1003", "1006")
"""Private modes in which a terminal reports the mouse."""

GALLERY = "ways a network can fare"


def test_q_leaves_with_status_0(lab):
    terminal = lab()
    terminal.wait_for(GALLERY)
    assert terminal.modes[SHOWN]
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.restored == []


@pytest.mark.parametrize(
    ("how", "status"),
    [("ctrl+c", 0), (signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGHUP, 128 + signal.SIGHUP)],
    ids=["ctrl+c", "SIGTERM", "SIGHUP"],
)
def test_being_ended(lab, how, status):
    terminal = lab()
    terminal.wait_for(GALLERY)
    if isinstance(how, signal.Signals):
        terminal.signal(how)
    else:
        terminal.press(how)
    assert terminal.wait_exit() == status
    assert terminal.restored == []


def test_an_error_inside_the_app(lab, scripted):
    terminal = lab(command=scripted)
    terminal.wait_for("Made up", "running")
    assert terminal.wait_exit() == 1
    assert terminal.restored == []
    assert "an error inside the app" in terminal.text


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_ctrl_z_and_back(lab):
    shell = lab(command=(str(shutil.which("bash")), "--norc", "--noprofile", "-i"), PS1="ready> ")
    shell.wait_for("ready>")
    shell.press(shlex.join(NNLAB), "enter")
    shell.wait_for(GALLERY)
    shell.press("ctrl+z")
    shell.wait_for("Stopped")
    shell.wait_until("a plain terminal", lambda: not shell.modes[SHOWN] and not any(map(shell.modes.get, MOUSE)))
    shell.press("fg", "enter")
    shell.wait_until("the alternate screen", lambda: shell.modes[SHOWN])
    shell.wait_for(GALLERY)
    shell.press("q")
    shell.wait_until("the shell again", lambda: shell.alone)
    assert not shell.modes[SHOWN] and not any(shell.modes.get(mode) for mode in MOUSE)
    shell.press("exit", "enter")
    assert shell.wait_exit() == 0


def test_ctrl_c_leaves_from_a_dialog_too(lab):
    terminal = lab()
    terminal.wait_for(GALLERY)
    terminal.press("?")
    terminal.wait_for("Every key, and what the panel tells")
    terminal.press("ctrl+c")
    assert terminal.wait_exit() == 0
    assert terminal.restored == []
