"""How far a lesson is holds beyond the sitting, and a file that cannot be used does no harm."""

from pathlib import Path

import pytest

from nnlab.lessons.kept import NOTHING, KeptLessons, Reached
from nnlab.lessons.progress import Place, taken_up
from nnlab.scenario.lesson import Lesson

LESSON = Lesson(steps=({"text": "Look."}, {"text": "Turn."}, {"text": "Wait."}))  # type: ignore[arg-type]


def test_a_lesson_is_taken_up_where_it_was_left_and_begins_anew_once_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "nnlab" / "lessons.json"
    KeptLessons(path).note("plateau", 2, 3)
    reached = KeptLessons(path).reached("plateau")
    assert (reached.words, taken_up(LESSON, reached)) == ("at step 3 of 3", Place(2, taken_up=True))
    KeptLessons(path).note("plateau", 3, 3)
    reached = KeptLessons(path).reached("plateau")
    assert (reached.words, taken_up(LESSON, reached)) == ("done", Place())
    KeptLessons(path).note("plateau", 1, 3)
    assert KeptLessons(path).reached("plateau").words == "done, at step 2 of 3"
    assert KeptLessons(path).reached("overfitting") == NOTHING


def test_one_that_has_other_steps_now_begins_anew() -> None:
    assert taken_up(LESSON, Reached(2, 5)) == Place()


def test_two_sittings_at_once_keep_both(tmp_path: Path) -> None:
    one, other = KeptLessons(tmp_path / "lessons.json"), KeptLessons(tmp_path / "lessons.json")
    assert one.reached("plateau") == other.reached("plateau") == NOTHING
    one.note("plateau", 1, 3)
    other.note("overfitting", 2, 4)
    again = KeptLessons(tmp_path / "lessons.json")
    assert (again.reached("plateau").at, again.reached("overfitting").at) == (1, 2)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"plateau": 3}', '{"plateau": {"at": 1}}', '{"plateau": {"at": 4, "steps": 3, "done": false}}']
)
def test_a_damaged_file_is_told_of_and_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lessons.json"
    path.write_text(text)
    told: list[str] = []
    kept = KeptLessons(path, told.append)
    assert kept.reached("plateau") == NOTHING
    assert ["lessons.json.damaged" in line for line in told] == [True]
    kept.note("plateau", 1, 3)
    assert KeptLessons(path).reached("plateau") == Reached(1, 3)
