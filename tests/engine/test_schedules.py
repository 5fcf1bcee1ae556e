"""Schedules as factors, against torch.optim.lr_scheduler where it has one."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.optim import lr_scheduler

from nnlab.engine.schedules import factor
from nnlab.scenario.training import Schedule

PLANNED = 60
Theirs = Callable[[torch.optim.Optimizer], lr_scheduler.LRScheduler]


def factors(theirs: Theirs, steps: int = PLANNED) -> list[float]:
    """The learning rate of each step under torch's schedule, over the base rate 1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = theirs(optimizer)
    found = []
    for _ in range(steps):
        found.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        schedule.step()
    return found


def mine(steps: int = PLANNED, **settings: Any) -> list[float]:
    schedule = Schedule.model_validate(settings)
    return [factor(schedule, step, PLANNED) for step in range(steps)]


@pytest.mark.parametrize(
    ("settings", "theirs"),
    [
        ({"kind": "cosine", "min_factor": 0.1}, lambda o: lr_scheduler.CosineAnnealingLR(o, PLANNED, eta_min=0.1)),
        ({"kind": "cosine", "total_steps": 30}, lambda o: lr_scheduler.CosineAnnealingLR(o, 30)),
        ({"kind": "step", "step_size": 7, "gamma": 0.5}, lambda o: lr_scheduler.StepLR(o, 7, gamma=0.5)),
        ({"kind": "exponential", "gamma": 0.95}, lambda o: lr_scheduler.ExponentialLR(o, 0.95)),
        (
            {"kind": "one_cycle", "min_factor": 4e-6},
            lambda o: lr_scheduler.OneCycleLR(o, 1.0, PLANNED, cycle_momentum=False),
        ),
        (
            {"kind": "one_cycle", "min_factor": 4e-6, "peak_at": 0.5},
            lambda o: lr_scheduler.OneCycleLR(o, 1.0, PLANNED, pct_start=0.5, cycle_momentum=False),
        ),
    ],
    ids=lambda case: str(case) if isinstance(case, dict) else "",
)
def test_as_torch_has_it(settings: dict[str, Any], theirs: Theirs) -> None:
    steps = settings.get("total_steps", PLANNED)
    assert mine(steps, **settings) == pytest.approx(factors(theirs, steps), abs=1e-6)


@pytest.mark.parametrize("kind", ["constant", "cosine", "step", "exponential", "one_cycle", "warmup"])
def test_warmup_rises_evenly_and_hands_over(kind: str) -> None:
    settings = {"kind": kind, "warmup_steps": 10}
    assert mine(10, **settings) == pytest.approx([(step + 1) / 10 for step in range(10)])
    after = Schedule.model_validate({"kind": kind})
    if kind in {"constant", "step", "exponential"}:
        assert mine(PLANNED, **settings)[10:] == [factor(after, step, PLANNED) for step in range(PLANNED - 10)]


def test_warmup_alone_takes_a_tenth_of_the_plan() -> None:
    assert mine(kind="warmup")[:7] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0, 1.0])


@pytest.mark.parametrize("kind", ["cosine", "one_cycle"])
def test_past_the_end_the_lowest_factor_stays(kind: str) -> None:
    assert mine(PLANNED + 50, kind=kind, min_factor=0.2)[PLANNED:] == pytest.approx([0.2] * 50)


@pytest.mark.parametrize("kind", ["constant", "warmup", "cosine", "step", "exponential", "one_cycle"])
@pytest.mark.parametrize("planned", [1, 2, 3])
def test_the_shortest_runs_have_a_rate(kind: str, planned: int) -> None:
    found = [factor(Schedule.model_validate({"kind": kind}), step, planned) for step in range(planned + 2)]
    assert all(0.0 <= one <= 1.0 for one in found)


def test_a_live_turn_sets_the_base_that_the_schedule_goes_on_multiplying(kit: Any) -> None:
    made = kit.begin("mlp", "schedule.kind=cosine").train(13)
    made.run.turn("lr", 0.5, "user", 1)
    told = made.train().series("lr")
    schedule = Schedule(kind="cosine")
    for step in range(40):
        base = 1e-3 if step <= 13 else 0.5
        assert told[step] == pytest.approx(base * factor(schedule, step, 40), rel=1e-6)
