"""batch-too-large: sick and healthy runs."""

from typing import Any

import numpy as np


def test_full_batches_in_a_short_budget(story: Any, problems: Any) -> None:
    told = story(planned=100)
    told.turn(0, "batch_size", 32, 800)
    told.noise["train/probe_loss"] = 1e-3
    told.loss(lambda t: 0.69 - 0.15 * t)
    told.flat("grad/noise_scale", 8.0)
    told.flat("step/critical", 128.0)
    assert problems(told.tell()) == ["batch-too-large"]


def test_full_batches_in_a_budget_that_suffices(story: Any, problems: Any) -> None:
    told = story(planned=100)
    told.turn(0, "batch_size", 32, 800)
    told.flat("grad/noise_scale", 8.0)
    assert problems(told.tell()) == []


def test_a_short_run_on_its_way_to_a_good_end(story: Any, problems: Any) -> None:
    told = story(planned=200)
    told.turn(0, "batch_size", 32, 64)
    told.noise["train/probe_loss"] = 1e-3
    told.loss(lambda t: 0.1 + 0.59 * np.exp(-2.5 * t))
    told.flat("grad/noise_scale", 5.0)
    told.flat("step/critical", 128.0)
    assert problems(told.tell()) == []
