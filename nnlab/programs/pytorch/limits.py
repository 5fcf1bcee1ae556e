"""What a script cannot express, in sentences."""

from collections.abc import Iterator

from nnlab.errors import UserError
from nnlab.programs.pytorch.plan import Plan
from nnlab.scenario.data import Generations, MsMarco, Stream, Tasks
from nnlab.scenario.model import TwoTower

STRANGERS = {Stream: "a stream", Tasks: "tasks", Generations: "generations", MsMarco: "an MS MARCO corpus"}


def check(plan: Plan) -> None:
    """Raises UserError with everything in the run that a script has no words for."""
    reasons = list(_reasons(plan))
    if reasons:
        raise UserError(
            f"{plan.run.path.name} cannot be written as a PyTorch script, because of {'; '.join(reasons)}. "
            "nnlab export --to toml can write it as a scenario."
        )


def _reasons(plan: Plan) -> Iterator[str]:
    data = plan.scenario.data
    stranger = STRANGERS.get(type(data))
    if stranger:
        yield f"its data ({stranger})"
    if data.phases:
        yield "the phases of its data"
    faults = [
        knob
        for knob in plan.start
        if knob.startswith("fault.") and any(v not in (False, -1) for v in plan.values(knob))
    ]
    if faults:
        yield f"its faults ({', '.join(faults)})"
    if "rmsprop" in plan.values("optimizer") and plan.turned("momentum"):
        yield "momentum turned under rmsprop, which torch.optim decides at the start"
    if plan.scenario.optimizer.nesterov and plan.turned("momentum") and 0.0 in plan.values("momentum"):
        yield "nesterov with a momentum of 0, which torch.optim refuses"
    if isinstance(plan.scenario.model, TwoTower):
        from_batch = {"in-batch", "semi-hard", "hard"} & set(plan.values("negatives"))
        if from_batch and plan.uses("false_negative_rate"):
            yield "false negatives among those from the batch"
    if plan.run.steps == 0:
        yield "its length (no step was trained)"
