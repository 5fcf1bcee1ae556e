"""`nnlab lesson` and `nnlab tour`, as far as they go without a terminal."""

from pathlib import Path

import pytest

from nnlab.cli.main import BAD_USAGE, DONE, main
from nnlab.lessons.kept import KeptLessons


def test_the_lessons_are_listed_with_how_far_they_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    KeptLessons(tmp_path / "nnlab" / "lessons.json").note("plateau", 5, 5)
    assert main(["lesson"]) == DONE
    listed = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert listed["overfitting"] == "Sixty examples, learnt by heart"
    assert listed["plateau"].endswith("  done")
    assert "healthy-moons" not in listed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lesson", "healthy-moons"], "healthy-moons has no lesson; nnlab lesson lists those that have one"),
        (["lesson", "overfiting"], 'did you mean "overfitting"?'),
        (["lesson", "overfitting"], "the lab needs a terminal"),
        (["tour", "overfiting"], 'did you mean "overfitting"?'),
        (["tour", "--loops", "-1"], '"-1" is no number of rounds; 0 is for ever'),
        (["tour"], "the lab needs a terminal"),
    ],
)
def test_what_cannot_be_opened_is_told(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == BAD_USAGE
    assert words in capsys.readouterr().err
