"""lr-too-low: sick and healthy runs."""

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


@pytest.mark.parametrize(("update", "said"), [(1e-6, "lr-too-low"), (1e-3, "lr-too-high")])
def test_a_loss_that_only_its_batches_shake_is_no_fault_of_long_steps(story: Any, update: float, said: str) -> None:
    told = story()
    told.noise["train/probe_loss"] = 0.25
    told.loss(lambda t: 0.72 + 0 * t)
    told.flat("step/critical", 1024.0 if update < 1e-3 else 2.0)
    told.flat("grad/norm", 1.0)
    for name in ("fc1", "fc2", "out"):
        told.layer(name, "update_ratio", update)
    assert said in {look.verdict for look in told.tell()}


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


@pytest.mark.parametrize(("by", "said"), [(0.1, "lr-too-low"), (0.9, None)])
def test_a_schedule_that_ends_the_training_early_is_too_low(story: Any, by: float, said: str | None) -> None:
    told = story()
    told.noise |= {"train/probe_loss": 1e-4, "grad/norm": 0.05}
    told.loss(lambda t: 0.66 + 0.03 * np.exp(-10 * t / by))
    told.flat("step/critical", 1024.0)
    told.flat("grad/norm", 1.0)
    told.curves["lr"] = lambda t: 1e-3 * np.exp(-4.7 * t / by)
    for name in ("fc1", "fc2", "out"):
        told.layer(name, "update_ratio", lambda t: 1e-3 * np.exp(-4.7 * t / by))
    ever = {item.mode: item for item in told.tell()[-1].ever}
    assert ("lr-too-low" in ever) == (said is not None)
    if said:
        assert ever[said].remedies[0].commands == ({"action": "restart", "set": {"schedule.kind": "cosine"}},)
