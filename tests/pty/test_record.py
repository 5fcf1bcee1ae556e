"""`nnlab record`: what the cast holds is what the terminal was sent, and the terminal is left as it was."""

import json
import signal
from pathlib import Path

import pyte
import pytest

pytestmark = pytest.mark.slow

GALLERY = "ways a network can fare"


def played(path: Path) -> tuple[dict[str, object], list[tuple[float, str, str]]]:
    """Header and events of a cast."""
    header, *events = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return header, [tuple(event) for event in events]


def test_a_session_is_recorded_as_it_was_seen(place, lab):
    cast = place.folder / "a.cast"
    terminal = lab("record", "--out", str(cast), columns=100, rows=30)
    terminal.wait_for(GALLERY)
    terminal.press("?")
    terminal.wait_for("Arrows and pages scroll")
    terminal.press("escape")
    terminal.wait_gone("Arrows and pages scroll")
    terminal.resize(110, 32)
    terminal.wait_until("the new size", lambda: "110x32" in cast.read_text(encoding="utf-8"))
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.restored == []
    header, events = played(cast)
    assert (header["version"], header["width"], header["height"]) == (2, 100, 30)
    told = "".join(data for _, kind, data in events if kind == "o").encode()
    shown = bytes(terminal.raw)
    assert shown.startswith(told)
    assert b"recorded in" in shown[len(told) :]
    assert [data for _, kind, data in events if kind == "r"] == ["110x32"]


def test_who_ends_it_ends_the_lab_and_the_cast_is_whole(place, lab):
    cast = place.folder / "a.cast"
    terminal = lab("record", "--out", str(cast))
    terminal.wait_for(GALLERY)
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit() == 128 + signal.SIGTERM
    assert terminal.restored == []
    assert "\x1b[?1049l" in "".join(data for _, _, data in played(cast)[1])


def test_without_a_terminal_it_presses_the_keys_itself(place):
    cast = place.folder / "b.cast"
    words = ("record", "--out", str(cast), "--size", "90x25", "--seconds", "60", "--keys", "wait:2 q")
    assert place.nnlab(*words).returncode == 0
    header, events = played(cast)
    assert (header["width"], header["height"]) == (90, 25)
    screen = pyte.Screen(90, 25)
    stream, seen = pyte.Stream(screen), ""
    for _, _, data in events:
        if "\x1b[<u" in data or "\x1b[?1049l" in data:  # the leaving; pyte does not know the former
            break
        stream.feed(data)
        seen = "\n".join(screen.display)
    assert GALLERY in seen
    again = place.nnlab(*words)
    assert again.returncode == 2
    assert "exists already" in again.stderr
