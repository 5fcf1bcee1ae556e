"""The colours that a terminal has are the colours it is sent."""

import re

import pytest

pytestmark = pytest.mark.slow

GALLERY = "ways a network can fare"

TRUE = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")
EIGHT_BIT = re.compile(rb"[34]8;5;\d+")


def sent(lab, theme: str, **env: str) -> bytes:
    """All that the gallery is painted with."""
    terminal = lab("--theme", theme, **env)
    terminal.wait_for(GALLERY, "quit")
    terminal.press("q")
    assert terminal.wait_exit() == 0
    return bytes(terminal.raw)


@pytest.mark.parametrize("theme", ["harbour", "paper"])
def test_sixteen_colours(lab, theme):
    painted = sent(lab, theme, TERM="xterm", COLORTERM="")
    assert not TRUE.search(painted)
    assert not EIGHT_BIT.search(painted)
    assert re.search(rb"\x1b\[[0-9;]*3[0-7]", painted)


def test_windows_terminal_has_them_all(lab):
    assert TRUE.search(sent(lab, "harbour", TERM="xterm-256color", COLORTERM="", WT_SESSION="1"))


def test_256_colours(lab):
    painted = sent(lab, "harbour", TERM="xterm-256color", COLORTERM="")
    assert not TRUE.search(painted)
    assert EIGHT_BIT.search(painted)


def test_no_colour(lab):
    painted = sent(lab, "harbour", NO_COLOR="1")
    shades = TRUE.findall(painted)
    assert shades
    assert all(red == green == blue for red, green, blue in shades)
    assert not EIGHT_BIT.search(painted)
