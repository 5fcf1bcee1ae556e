"""From an order (experiment, scenario, seed, device) to its result: what the experiment process and tests call."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nnlab.engine.build import Plan, build
from nnlab.engine.device import pick_device
from nnlab.engine.experiments.baselines import baselines
from nnlab.engine.experiments.checkup import Subject, checkup
from nnlab.engine.experiments.label_shuffle import label_shuffle
from nnlab.engine.experiments.lr_range import SWEEPS, lr_range
from nnlab.engine.experiments.overfit import overfit_batch
from nnlab.engine.experiments.replay_batches import replay_batches
from nnlab.engine.experiments.step_sizes import compare_steps
from nnlab.engine.tasks import Retrieval
from nnlab.engine.training import Training
from nnlab.scenario.scenario import Scenario
from nnlab.wire.experiments import Result

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """`scenario` is the validated scenario as plain data; relative paths in it are relative to `base_dir`."""

    experiment: Literal[
        "overfit-batch", "lr-range", "baselines", "label-shuffle", "step-sizes", "checkup", "replay-batches"
    ]
    scenario: dict[str, Any]
    base_dir: str
    seed: int
    device: str


def perform(order: Order, tell: Tell = lambda _: None) -> Result:
    """Build the scenario afresh and experiment on it. Equal orders give equal results. Raises UserError."""
    scenario = Scenario.model_validate(order.scenario)
    device = pick_device(order.device)

    def plan(seed: int) -> Plan:
        return build(scenario, seed, Path(order.base_dir), device)

    def others() -> list[Training]:
        """For the sweeps after the first; a corpus is dear to make, so there they only see other batches."""
        if isinstance(first.training.task, Retrieval):
            return [first.training] * (SWEEPS - 1)
        return [plan(order.seed + number).training for number in range(1, SWEEPS)]

    first = plan(order.seed)
    match order.experiment:
        case "overfit-batch":
            return overfit_batch(first.training, tell)
        case "lr-range":
            return lr_range([first.training, *others()], tell)
        case "baselines":
            return baselines(first.training, tell)
        case "label-shuffle":
            return label_shuffle(first.training, tell)
        case "step-sizes":
            return compare_steps(first.training)
        case "checkup":
            return checkup(Subject(first, scenario, others), tell)
        case "replay-batches":
            return replay_batches(first, scenario, tell)
