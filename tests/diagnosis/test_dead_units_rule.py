"""dead-units: sick and healthy runs."""

from typing import Any


def test_a_dead_layer_is_the_cause_of_the_missing_gradient(story: Any, problems: Any) -> None:
    told = story()
    told.stuck()
    told.layer("fc2", "dead", 1.0)
    told.layer("fc1", "grad_norm", 0.0)
    told.layer("fc2", "grad_norm", 0.0)
    looks = told.tell()
    assert problems(looks) == ["dead-units"]
    assert looks[-1].ever[0].detected_step <= 40
    assert looks[-1].ever[0].evidence[0].layer == "fc2"


def test_many_dead_units_are_common_in_healthy_tiny_nets(story: Any, problems: Any) -> None:
    told = story()
    told.layer("fc2", "dead", 0.68)
    assert problems(told.tell()) == []


def test_units_that_die_in_a_run_that_has_long_stood_still_are_not_its_cause(story: Any) -> None:
    told = story()
    told.stuck()
    told.layer("fc2", "dead", lambda t: 0.2 + 0.32 * t)
    assert told.tell()[-1].verdict == "underfitting"
