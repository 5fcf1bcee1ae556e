"""Asciicasts: what was written comes out again, however it was cut; keys are read as they are written."""

import io
import json
import re
from collections.abc import Iterator
from itertools import count, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnlab.casting.cast import Cast
from nnlab.casting.keys import Press, presses
from nnlab.errors import UserError


def recorded(pieces: list[bytes]) -> list[object]:
    """The lines of a cast with these writes, a quarter of a second apart."""
    ticks: Iterator[int] = count()
    file = io.StringIO()
    cast = Cast(file, (80, 24), "a title", {"TERM": "xterm"}, 1_000_000, clock=lambda: next(ticks) / 4)
    for piece in pieces:
        cast.wrote(piece)
    cast.close()
    return [json.loads(line) for line in file.getvalue().splitlines()]


@example(text="\x85\u2028\u2029\x1c", cuts=[])
@given(text=st.text(), cuts=st.lists(st.integers(0, 200), max_size=6))
def test_any_text_comes_out_whole_however_it_was_cut(text: str, cuts: list[int]) -> None:
    data = text.encode()
    ends = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    header, *events = recorded([data[first:last] for first, last in pairwise(ends)])
    assert header == {
        "version": 2, "width": 80, "height": 24, "timestamp": 1_000_000, "title": "a title", "env": {"TERM": "xterm"},
    }  # fmt: skip
    assert "".join(event[2] for event in events) == text  # type: ignore[index]
    times = [event[0] for event in events]  # type: ignore[index]
    assert times == sorted(times)
    assert all(event[1] == "o" and event[2] for event in events)  # type: ignore[index]


def test_what_is_no_text_is_replaced_and_a_new_size_is_told_once() -> None:
    file = io.StringIO()
    cast = Cast(file, (80, 24), "", {}, 0, clock=lambda: 0.0)
    cast.wrote(b"\xff\xc3")
    cast.resized((80, 24))
    cast.resized((90, 20))
    cast.resized((90, 20))
    cast.close()
    events = [json.loads(line)[1:] for line in file.getvalue().splitlines()[1:]]
    assert events == [["o", "�"], ["r", "90x20"], ["o", "�"]]


def test_keys_are_pressed_at_their_time() -> None:
    found, over = presses("wait:2 k shift+right ctrl+c wait:1.5 ü")
    assert [press.sends for press in found] == [b"k", b"\x1b[1;2C", b"\x03", "ü".encode()]
    assert found[0] == Press(2.0, b"k")
    assert [press.at for press in found] == pytest.approx([2.0, 2.3, 2.6, 4.4])
    assert over == pytest.approx(4.7)
    assert presses("  ") == ((), 0.0)


@pytest.mark.parametrize("words", ["knob", "wait:", "wait:-1", "wait:nan", "ctrl+1", "wait:1e9"])
def test_a_word_that_is_no_key_is_named(words: str) -> None:
    with pytest.raises(UserError, match=re.escape(f'--keys: "{words}"')):
        presses(words)
