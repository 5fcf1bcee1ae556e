"""confounded-changes: sick and healthy runs."""

from typing import Any


def test_several_knobs_at_once_are_confounded_until_their_effect_is_seen(story: Any, problems: Any) -> None:
    told = story()
    for knob, new in (("lr", 2e-3), ("clip_norm", 1.0), ("weight_decay", 1e-4)):
        told.turn(500, knob, 0.0, new)
    looks = told.tell()
    assert problems(looks) == ["confounded-changes"]
    top = looks[-1].ever[0]
    assert (top.since_step, top.detected_step) == (500, 510)
    assert top.cleared_step is not None and top.cleared_step <= 570


def test_rate_and_batch_scaled_together_are_a_note_and_one_knob_is_nothing(story: Any, problems: Any) -> None:
    told = story()
    told.turn(500, "lr", 1e-3, 2e-3)
    told.turn(500, "batch_size", 32, 64)
    assert problems(told.tell()) == []
    told = story()
    told.turn(500, "lr", 1e-3, 2e-3)
    assert "confounded-changes" not in {item.mode for item in told.tell()[-1].ever}


def test_what_one_remedy_turns_at_once_is_one_change(story: Any, problems: Any) -> None:
    told = story()
    told.turn(500, "clip_norm", 0.0, 1.0, "remedy")
    told.turn(500, "weight_decay", 0.0, 1e-4, "remedy")
    assert problems(told.tell()) == []
