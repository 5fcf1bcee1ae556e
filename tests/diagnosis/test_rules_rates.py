"""lr-too-low, plateau, batch-too-small, batch-too-large: steps that lead nowhere."""

from typing import Any

import numpy as np
import pytest


def test_a_crawling_run_with_room_for_longer_steps(story: Any, problems: Any) -> None:
    told = story()
    told.noise |= {"train/probe_loss": 1e-5, "grad/norm": 0.05}
    told.loss(lambda t: 0.70 - 0.02 * t)
    told.flat("step/critical", 1024.0)
    told.flat("grad/norm", 1.0)
    told.curves["weight/distance"] = lambda t: 0.01 * t
    for name in ("fc1", "fc2", "out"):
        told.layer(name, "update_ratio", 2e-5)
    looks = told.tell()
    assert problems(looks) == ["lr-too-low"]
    top = looks[-1].ever[0]
    assert top.detected_step <= 200
    assert top.remedies[0].commands == ({"turn": "lr", "to": pytest.approx(0.03)},)


@pytest.mark.parametrize("critical", [16.0, 1024.0])
def test_room_at_a_minimum_is_no_fault(story: Any, problems: Any, critical: float) -> None:
    told = story()
    told.flat("step/critical", critical)
    told.curves["grad/norm"] = lambda t: np.exp(-8 * t) + 0.01
    assert problems(told.tell()) == []


def test_a_schedule_that_warms_up_or_cools_down_is_not_too_low(story: Any, problems: Any) -> None:
    told = story()
    told.noise["train/probe_loss"] = 1e-4
    told.loss(lambda t: 0.6 - 0.05 * t)
    told.flat("step/critical", 1024.0)
    told.curves["lr"] = lambda t: 1e-3 * (1 - t)
    assert "lr-too-low" not in [mode for look in told.tell() if look.step > 700 for mode in look.verdict.split()]


def test_a_flat_loss_far_from_anything_learned_is_a_plateau(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.66 + 0 * t, lambda t: np.nan + 0 * t)
    looks = told.tell()
    assert problems(looks) == ["plateau"]
    assert looks[-1].ever[0].detected_step <= 300


def test_a_flat_loss_at_a_high_gain_is_convergence(story: Any, problems: Any) -> None:
    told = story()
    told.loss(lambda t: 0.2 + 0.5 * np.exp(-40 * t))
    looks = told.tell()
    assert problems(looks) == []
    assert looks[-1].verdict == "converged"


def test_a_slow_starter_that_still_creeps_is_left_alone(story: Any, problems: Any) -> None:
    told = story()
    told.noise["train/probe_loss"] = 1e-3
    told.loss(lambda t: 0.69 - 0.08 * t - 0.3 / (1 + np.exp(-20 * (t - 0.7))))
    assert problems(told.tell()) == []


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


def test_full_batches_in_a_short_budget(story: Any, problems: Any) -> None:
    told = story(planned=100)
    told.turn(0, "batch_size", 32, 800)
    told.noise["train/probe_loss"] = 1e-3
    told.loss(lambda t: 0.69 - 0.15 * t)
    told.flat("grad/noise_scale", 8.0)
    told.flat("step/critical", 128.0)
    assert problems(_dense(told)) == ["batch-too-large"]


def test_full_batches_in_a_budget_that_suffices(story: Any, problems: Any) -> None:
    told = story(planned=100)
    told.turn(0, "batch_size", 32, 800)
    told.flat("grad/noise_scale", 8.0)
    assert problems(_dense(told)) == []


def _dense(told: Any) -> Any:
    """Probe at every step, as short runs do."""
    from unittest.mock import patch

    with patch.dict(type(told).tell.__globals__, {"PROBE": 1, "EVALUATE": 1}):
        return told.tell()
