"""`nnlab mystery` without a terminal: the scoreboard, the answer, and what is refused."""

import json

import pytest

from nnlab.cli.main import main
from nnlab.mystery import board


def test_the_scoreboard_is_printed(tmp_path, capsys) -> None:
    path = tmp_path / "scores.jsonl"
    result = board.Result("2HX-VS4", 1, "Ada", 92, 1, 1, True, 1, 0, 900, "2026-01-01T00:00:00+00:00")
    board.add(path, result)
    assert main(["mystery", "--scores", "--scoreboard", str(path)]) == 0
    assert "Ada" in capsys.readouterr().out
    assert main(["mystery", "--scores", "--json", "--level", "1", "--scoreboard", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)[0]["score"] == 92
    assert main(["mystery", "--scores", "--level", "2", "--scoreboard", str(path)]) == 0
    assert capsys.readouterr().out == ""


def test_a_teacher_is_told(capsys) -> None:
    assert main(["mystery", "--reveal", "--seed", "2hxvs4"]) == 0
    assert "lr too high" in capsys.readouterr().out
    assert main(["mystery", "--reveal", "--seed", "2HX-VS4", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["turn"] == {"lr": 0.002}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reveal",), "--seed"),
        (("--json",), "--json goes with"),
        (("--seed", "2HX-VS5"), "no code of a mystery"),
        (("--seed", "2HX-VS4", "--level", "2"), "leave --level out"),
        ((), "the lab needs a terminal"),
    ],
)
def test_what_is_refused(words: tuple[str, ...], said: str, capsys) -> None:
    assert main(["mystery", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_level_that_does_not_exist(capsys) -> None:
    assert main(["mystery", "--level", "9"]) == 2
    assert "--level" in capsys.readouterr().err
