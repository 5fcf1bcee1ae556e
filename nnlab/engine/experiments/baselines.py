"""The two baselines of a training: what a constant guess costs, and what can be learned without the inputs.

Karpathy (A Recipe for Training Neural Networks, 2019): verify the loss at the start, and that the real inputs do better
than zeroed ones.
"""

from collections.abc import Callable

from nnlab.engine.experiments import outputs
from nnlab.engine.experiments.batch import constant_loss, pick
from nnlab.engine.experiments.copies import copy_of
from nnlab.engine.experiments.tasters import SLOWER, Taster, longer, taste, uses_inputs
from nnlab.engine.probes.quiet import same_random_state
from nnlab.engine.training import Training
from nnlab.wire.experiments import Comparison, Course

Tell = Callable[[str], None]


def baselines(training: Training, tell: Tell = lambda _: None) -> Comparison:
    """Judge the first loss and the use of the inputs, from the current state. `training` stays as it was."""
    with same_random_state(training.parameters.values.device):
        task = copy_of(training).task
        batch = pick(task)
        checks = [outputs.first_loss(task, batch), outputs.outputs_differ(task, batch)]
    constant = constant_loss(training.task, training.task.probe())
    real, blind = taste(training), taste(training, zero_inputs=True)
    check = uses_inputs(real, blind, constant)
    tell(check.text)
    if check.state == "wrong":
        real, blind = longer(real, SLOWER), longer(blind, SLOWER)
        check = uses_inputs(real, blind, constant)
        tell(check.text)
    checks.append(check)
    wrong = next((item for item in checks if item.state == "wrong"), None)
    courses = (_course("real inputs", real), _course("inputs zeroed", blind))
    if wrong is None:
        text = f"{checks[0].text}; {check.text}."
        return Comparison("above its baselines", True, "", _sentence(text), constant, courses, tuple(checks))
    text = _sentence(f"{wrong.text}.")
    return Comparison("no better than a baseline", False, wrong.mode, text, constant, courses, tuple(checks))


def _course(label: str, short: Taster) -> Course:
    return Course(label, tuple(range(len(short.losses))), short.losses)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
