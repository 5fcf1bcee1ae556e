"""Large letters: what fits is drawn, what does not is left to plain text."""

import pytest

from nnlab.glyph_choice import VARIABLE
from nnlab.ui.charts.large_type import large


def test_a_word_in_half_blocks() -> None:
    assert large("Lt", 80) == ("█   ▀█▀", "█    █ ", "▀▀▀  ▀ ")


def test_words_wrap_and_too_many_are_refused() -> None:
    assert len(large("representation collapse", 70)) == 6
    assert len(large("representation collapse", 200)) == 3
    assert large("representation collapse", 40) == ()
    assert large("one two three", 12) == ()
    assert [len(large("II II", width)) for width in (10, 9, 3, 2)] == [3, 6, 6, 0]
    assert large("naïve", 80) == ()
    assert large("", 80) == ()


def test_twice_the_size() -> None:
    assert large("I", 80, size=2) == ("██",) * 5
    assert large("II", 5, size=2) == ()


def test_without_blocks_it_is_written_with_number_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "ascii")
    assert large("L", 80) == ("#  ", "#  ", "#  ", "#  ", "###")
