"""A scoreboard that a whole room writes to."""

import os
from pathlib import Path

import pytest

from nnlab.errors import UserError
from nnlab.mystery import board


def result(player: str, score: int, level: int = 1) -> board.Result:
    """One game."""
    return board.Result("2HX-VS4", level, player, score, 1, 1, True, 1, 0, 900, "2026-01-01T00:00:00+00:00")


def test_the_best_stand_first(tmp_path: Path) -> None:
    path = tmp_path / "room" / "scores.jsonl"
    assert board.results(path) == ()
    for one in (result("Ada", 70), result("Zoë", 90), result("Bo", 10, level=3)):
        board.add(path, one)
    assert [one.player for one in board.results(path)] == ["Bo", "Zoë", "Ada"]


def test_several_write_at_once(tmp_path: Path) -> None:
    path, each = tmp_path / "scores.jsonl", 40
    writers = []
    for number in range(4):
        pid = os.fork()
        if pid == 0:
            for score in range(each):
                board.add(path, result(f"player {number}" * 20, score))
            os._exit(0)
        writers.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in writers] == [0] * 4
    assert len(board.results(path)) == 4 * each


def test_what_is_damaged_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "scores.jsonl"
    path.write_bytes(b'{"code": "2HX\n[1]\nnull\n\xff\xfe\n{"player": 3}\n')
    board.add(path, result("Ada", 70))
    assert [one.player for one in board.results(path)] == ["Ada"]


def test_a_board_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="scoreboard"):
        board.add(tmp_path, result("Ada", 70))
