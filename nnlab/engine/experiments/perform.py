"""From an order (experiment, scenario, seed, device) to its result: what the experiment process and tests call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from nnlab.engine.begin import begin
from nnlab.engine.build import Plan, build
from nnlab.engine.device import pick_device
from nnlab.engine.experiments.baselines import baselines
from nnlab.engine.experiments.checkup import Subject, checkup
from nnlab.engine.experiments.label_shuffle import label_shuffle
from nnlab.engine.experiments.lr_range import SWEEPS, lr_range
from nnlab.engine.experiments.overfit import overfit_batch
from nnlab.engine.experiments.replay_batches import replay_batches
from nnlab.engine.experiments.step_sizes import compare_steps
from nnlab.engine.spec import Spec
from nnlab.engine.tasks import Retrieval
from nnlab.engine.training import Training
from nnlab.scenario.scenario import Scenario
from nnlab.scenario.steering import Intervention
from nnlab.wire.experiments import Result
from nnlab.wire.values import KnobValue

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """`scenario` is the validated scenario as plain data; relative paths in it are relative to `base_dir`.

    Of a run that goes on: `start` is the file of a state to begin from ("": the start), `knobs` are turned first.
    "replay-batches" instead does `steps` steps of it again (0: the planned ones), with the knob `turns` (step, knob,
    value) in the place of the script.
    """

    experiment: Literal[
        "overfit-batch", "lr-range", "baselines", "label-shuffle", "step-sizes", "checkup", "replay-batches"
    ]
    scenario: dict[str, Any]
    base_dir: str
    seed: int
    device: str
    start: str = ""
    knobs: dict[str, KnobValue] = field(default_factory=dict)
    steps: int = 0
    turns: list[tuple[int, str, KnobValue]] = field(default_factory=list)


class Nobody:
    """Stands for the server of a run that has no clients."""

    def broadcast(self, event: Any) -> None:
        """Nobody hears it."""

    def send(self, client: Any, events: Sequence[Any]) -> None:
        """Nobody hears it."""


def perform(order: Order, tell: Tell = lambda _: None) -> Result:
    """Build the training afresh and experiment on it. Equal orders give equal results. Raises UserError."""
    scenario = Scenario.model_validate(order.scenario)
    first = _plan(order, order.seed)

    def others() -> list[Training]:
        """For the sweeps after the first; a corpus is dear to make and a state has one seed: there they only see other
        batches.
        """
        if order.start or isinstance(first.training.task, Retrieval):
            return [first.training] * (SWEEPS - 1)
        return [_plan(order, order.seed + number).training for number in range(1, SWEEPS)]

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
            if order.steps:
                first = replace(first, planned_steps=order.steps)
                turns = (Intervention(at=step, set={knob: value}) for step, knob, value in order.turns)
                scenario = scenario.model_copy(update={"script": tuple(turns)})
            return replay_batches(first, scenario, tell)


def _plan(order: Order, seed: int) -> Plan:
    """The training as it was built, or as a run has it."""
    if not (order.start or order.knobs):
        scenario = Scenario.model_validate(order.scenario)
        return build(scenario, seed, Path(order.base_dir), pick_device(order.device))
    spec = Spec(
        order.scenario, "", "", order.base_dir, seed, order.device, "", "", "", start=order.start, turns=order.knobs,
        probes=False,
    )  # fmt: skip
    return begin(spec, Nobody()).plan  # type: ignore[arg-type]  # tells nobody, and that is all it need do
