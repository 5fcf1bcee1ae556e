"""no-gradient: sick and healthy runs."""

from typing import Any


def test_learning_rate_0(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.turn(0, "lr", 1e-3, 0.0)
    told.flat("lr", 0.0)
    looks = told.tell()
    assert problems(looks) == ["no-gradient"]
    assert looks[-1].ever[0].detected_step <= 5
    assert looks[-1].ever[0].remedies[0].commands[0]["turn"] == "lr"


def test_everything_frozen(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.facts["trainable"] = 0.0
    looks = told.tell()
    assert looks[0].verdict == "no-gradient"


def test_a_layer_that_is_cut_off(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.layer("fc1", "grad_norm", 0.0)
    looks = told.tell()
    assert problems(looks) == ["no-gradient"]
    assert "fc1" in looks[-1].ever[0].headline


def test_a_layer_frozen_on_purpose_is_a_note(story: Any, problems: Any) -> None:
    told = story()
    told.facts["model.freeze"] = "0"
    told.layer("fc1", "grad_norm", 0.0)
    looks = told.tell()
    assert problems(looks) == []
    assert "no-gradient" in {item.mode for item in looks[-1].ever}
