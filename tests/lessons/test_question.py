"""The question to a room has one right answer, and others that are wrong."""

from typing import get_args

import pytest

from nnlab.diagnosis.finding import Diagnosis, Finding
from nnlab.lessons.question import ANSWERS, NOTHING, question
from nnlab.scenario.steering import FailureMode


@pytest.mark.parametrize("mode", [NOTHING, *get_args(FailureMode)])
def test_one_answer_is_right(mode: str) -> None:
    head = Finding(mode, "warning", 0.9, 0, 10, None, "So it is.")
    also = Finding("plateau", "note", 0.5, 0, 10, None, "It stands still.")
    sick = Diagnosis(20, mode, head, (head, also), (head, also))
    asked = question(None if mode == NOTHING else sick, 7)
    assert asked.answers[asked.right] == mode
    assert len(set(asked.answers)) == len(asked.answers) == ANSWERS
    assert mode in ("plateau", NOTHING) or "plateau" not in asked.answers
    assert question(None if mode == NOTHING else sick, 7) == asked
