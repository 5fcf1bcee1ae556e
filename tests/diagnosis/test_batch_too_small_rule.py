"""batch-too-small: sick and healthy runs."""

from typing import Any


def test_batches_of_one_that_are_all_noise(story: Any, problems: Any) -> None:
    told = story()
    told.facts["train.batch_size"] = 1
    told.turn(0, "batch_size", 32, 1)
    told.noise |= {"train/loss": 1.0, "train/probe_loss": 0.08}
    told.loss(lambda t: 0.62 + 0 * t, lambda t: 0.62 + 0 * t)
    told.flat("step/critical", 1.0)
    assert problems(told.tell())[0] == "batch-too-small"


def test_noise_at_a_minimum_does_not_make_a_batch_too_small(story: Any, problems: Any) -> None:
    told = story()
    told.turn(0, "batch_size", 32, 1)
    told.flat("grad/noise_scale", 1e6)
    told.noise["train/loss"] = 1.0
    assert problems(told.tell()) == []


def test_the_long_steps_of_single_rows_are_a_matter_of_the_batch(story: Any) -> None:
    told = story()
    told.facts["train.batch_size"] = 1
    told.turn(0, "batch_size", 32, 1)
    told.noise |= {"train/loss": 1.0, "train/probe_loss": 0.2}
    told.loss(lambda t: 0.62 + 0 * t, lambda t: 0.62 + 0 * t)
    told.flat("step/critical", 0.5)
    folded = {finding.mode: finding.folded_into for finding in told.tell()[-1].ever}
    assert folded["batch-too-small"] is None
    assert folded["lr-too-high"] == "batch-too-small"
