"""What a supervised network says, in the words of its task."""

import torch
from torch import Tensor

from nnlab.engine.inspections.payload import InspectionError
from nnlab.engine.tasks import Supervised, Task


def chances(task: Supervised, outputs: Tensor) -> Tensor:
    """Probability of each class [n, classes] for outputs [n, width]; other tasks' outputs come back as they are.

    Sigmoids of one-against-the-rest losses need not add up to 1; a hinge's score counts as −1 … 1 on the way from no
    to yes, and a regression on class numbers as 0 … 1.
    """
    if task.classes == 0:
        return outputs
    match task.objective.kind:
        case "cross_entropy":
            return torch.softmax(outputs, dim=1)
        case "categorical_cross_entropy":
            return outputs / outputs.sum(dim=1, keepdim=True)
        case "bce_with_logits":
            yes = torch.sigmoid(outputs)
        case "hinge":
            yes = (0.5 + 0.5 * outputs).clamp(0.0, 1.0)
        case _:
            yes = outputs.clamp(0.0, 1.0)
    return torch.cat((1.0 - yes, yes), dim=1) if outputs.shape[1] == 1 else yes


def supervised(task: Task, what: str) -> Supervised:
    """The task, if it is a supervised one. Raises InspectionError."""
    if not isinstance(task, Supervised):
        raise InspectionError(f"{what} needs a supervised scenario; towers have similarities, spectrum, projection")
    return task
