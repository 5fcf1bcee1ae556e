"""Replay of earlier batches: what is forgotten, what is kept, and that the plan stays as it was."""

from collections.abc import Callable

import pytest
import torch

from nnlab.engine.build import Plan, build
from nnlab.engine.device import pick_device
from nnlab.engine.experiments.replay_batches import replay_batches
from nnlab.scenario.load import Loaded, load_text
from nnlab.wire.experiments import ReplayBatches

TASKS = """
seed = 3
[data]
kind = "tasks"
samples = 300
[model]
kind = "mlp"
hidden = [16]
[objective]
kind = "cross_entropy"
[optimizer]
lr = 1e-2
[train]
steps = 300
batch_size = 32
"""

Replay = Callable[..., tuple[ReplayBatches, Plan]]


@pytest.fixture
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """Trains and replays the tasks with overrides; the result and the plan."""

    def performed(*overrides: str, text: str = "") -> tuple[ReplayBatches, Plan]:
        loaded: Loaded = load_text(TASKS + text, "tasks", tmp_path_factory.mktemp("replay"), overrides)
        plan = build(loaded.scenario, 3, loaded.base_dir, pick_device("cpu"))
        return replay_batches(plan, loaded.scenario), plan

    return performed


def test_batches_of_earlier_tasks_are_forgotten_and_those_of_the_last_are_not(replay: Replay) -> None:
    result, plan = replay()
    assert result.verdict == "forgotten"
    assert [(part.first, part.end, part.batches) for part in result.stretches] == [
        (0, 100, 20), (100, 200, 20), (200, 300, 20),
    ]  # fmt: skip
    first, second, last = result.stretches
    assert first.rise > 0.2 * result.constant_loss and second.rise > 0.2 * result.constant_loss
    assert last.rise < 0.1 * result.constant_loss
    assert plan.training.step == 0 and plan.training.ring.count == 0


def test_with_replay_they_are_kept_also_where_a_script_turns_it_on(replay: Replay) -> None:
    assert replay("data.replay=0.3")[0].verdict == "kept"
    late = "[[script]]\nat = 101\nset = { replay = 0.3 }\n"
    assert replay(text=late)[0].verdict == "kept"


def test_the_batches_kept_are_those_of_the_run_itself(replay: Replay) -> None:
    """Keeping a batch leaves the training as it would have been."""
    result, plan = replay("data.count=2", "data.steps_per_task=300")
    for _ in range(300):
        plan.training.one_step()
    task = plan.training.task
    assert [part.end for part in result.stretches] == [75, 150, 225, 300]
    with torch.no_grad():
        whole = float(task.measure(task.probe())[1])
    assert result.stretches[0].now == pytest.approx(whole, rel=0.5)
    assert replay("data.count=2", "data.steps_per_task=300")[0] == result


def test_a_training_that_diverges_has_not_forgotten(replay: Replay) -> None:
    result, _ = replay("objective.kind=mse", "optimizer.kind=sgd", "lr=100")
    assert result.verdict == "diverged"
