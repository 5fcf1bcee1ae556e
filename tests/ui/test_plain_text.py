"""Terminals that can show little get what they can show."""

import pytest
from rich.cells import cell_len

from nnlab.glyph_choice import choice
from nnlab.ui.plain_text import in_ascii


@pytest.mark.parametrize(
    ("environment", "encoding", "chosen"),
    [
        ({"TERM": "xterm"}, "UTF-8", "braille"),
        ({"TERM": "linux"}, "UTF-8", "ascii"),
        ({"TERM": "vt220"}, "utf8", "ascii"),
        ({"TERM": "xterm"}, "ISO-8859-1", "ascii"),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, "UTF-8", "ascii"),
        ({"TERM": "xterm", "LC_ALL": "POSIX", "LANG": "C.UTF-8"}, "UTF-8", "ascii"),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "nl_NL.UTF-8"}, "UTF-8", "braille"),
        ({"TERM": "xterm", "LC_CTYPE": "C.UTF-8"}, "UTF-8", "braille"),
        ({"TERM": "linux", "NNLAB_GLYPHS": "Blocks"}, "UTF-8", "blocks"),
        ({"TERM": "xterm", "NNLAB_GLYPHS": "nonsense"}, "UTF-8", "braille"),
    ],
)
def test_the_terminal_decides_unless_the_user_does(environment, encoding, chosen) -> None:
    assert choice(environment, encoding) == chosen


def test_everything_becomes_ascii_as_wide_as_it_was() -> None:
    text = "\x1b[1;1H● running ━━ ┌─┐ lr 0.1→0.01 – R² é ‖W₀‖ 学 …"
    plain = in_ascii(text)
    assert plain == "\x1b[1;1HO running == +-+ lr 0.1>0.01 - R2 e |W0| ?? ~"
    assert cell_len(plain) == cell_len(text)
