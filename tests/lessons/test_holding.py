"""A lesson holds the run while it is the user's turn, and no longer."""

from nnlab.lessons.holding import Hold, Turn, hold, turn
from nnlab.scenario.lesson import LessonStep
from nnlab.wire.values import RunState


def play(*seen: tuple[int, Turn, RunState]) -> list[bool]:
    """Whether the run was paused, or let go on, at each look."""
    held, done = Hold(), []
    for at, whose, state in seen:
        held, toggle = hold(held, at, whose, state)
        done.append(toggle)
    return done


def test_whose_turn_it_is() -> None:
    def of(wait_for: dict[str, object] | None) -> Turn:
        return turn(LessonStep.model_validate({"text": "look", "wait_for": wait_for}))

    assert {of({"finding": "healthy"}), of({"metric": "val/loss", "below": 1.0}), of({"after": 3})} == {"run"}
    assert {of({"knob": "lr"}), of({"opened": "story"}), of(None)} == {"user"}
    assert turn(None) == "nobody"


def test_it_pauses_once_and_goes_on_when_the_user_has_acted() -> None:
    looks = [
        (0, "run", "running"), (1, "user", "running"), (1, "user", "running"), (1, "user", "paused"),
        (2, "user", "paused"), (3, "run", "paused"), (3, "run", "paused"), (3, "run", "running"),
    ]  # fmt: skip
    assert play(*looks) == [False, True, False, False, False, True, False, False]


def test_a_user_who_acts_at_once_does_not_leave_the_run_paused() -> None:
    assert play((1, "user", "running"), (2, "run", "running"), (2, "run", "paused")) == [True, False, True]


def test_what_the_user_paused_or_let_go_on_is_left_alone() -> None:
    assert play((0, "run", "paused"), (1, "user", "paused"), (2, "run", "paused")) == [False, False, False]
    let_go = [(1, "user", "running"), (1, "user", "paused"), (1, "user", "running"), (2, "run", "running")]
    assert play(*let_go, (2, "run", "paused")) == [True, False, False, False, False]


def test_a_run_at_its_planned_end_goes_on_once_for_a_lesson_that_waits_for_it() -> None:
    assert play((2, "run", "running"), (2, "run", "finished"), (2, "run", "finished")) == [False, True, False]
    assert play((2, "user", "finished"), (3, "nobody", "finished")) == [False, False]
