"""What a training keeps of data that are over: importances and anchors of its parameters, and how good it was.

Everything here is written when the data change and only read in between, so a copy or a snapshot of the training
carries it along.
"""

from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from nnlab.engine.batches import Batch
from nnlab.engine.fisher import fisher
from nnlab.engine.parameters import Parameters
from nnlab.engine.state import State
from nnlab.engine.tasks import Supervised

FISHER_ROWS = 256
"""Rows that the importances are estimated on: the standard error of a mean square over them is some ten per cent."""
DRIFT_ROWS = 64
"""Of these, the rows that the drift of the Fisher information is followed on: it is measured again and again."""

Chapter = Literal["", "task", "phase"]
"""How a run calls the stretches of its data, and its series of them; "" where it has one only."""


@dataclass(frozen=True, slots=True)
class Learned:
    """Of each stretch of data that is over, in order: `fisher` and `anchors` float32 [stretches, n], and the validation
    `accuracy` at its end. `rows` are of the last one, and `reference` [n] is their Fisher information as it ended.
    """

    chapter: Chapter
    fisher: Tensor
    anchors: Tensor
    accuracy: tuple[float, ...] = ()
    rows: Batch | None = None
    reference: Tensor | None = None

    def with_stretch(self, task: Supervised, parameters: Parameters, rows: Batch, accuracy: float) -> "Learned":
        """The same with one more stretch, of which `rows` are a sample and which ends with these parameters."""
        few = task.part(rows, DRIFT_ROWS)
        return replace(
            self,
            fisher=torch.cat((self.fisher, fisher(task, task.part(rows, FISHER_ROWS)).unsqueeze(0))),
            anchors=torch.cat((self.anchors, parameters.values.detach().clone().unsqueeze(0))),
            accuracy=(*self.accuracy, accuracy),
            rows=few,
            reference=fisher(task, few),
        )

    def state(self) -> State:
        """All of it."""
        rows = self.rows and self.rows.state()
        stretches = {"fisher": self.fisher, "anchors": self.anchors, "accuracy": list(self.accuracy)}
        return stretches | {"rows": rows, "reference": self.reference}

    def restored(self, state: State) -> "Learned":
        """What a state says was kept, on the same device."""
        device, reference = self.fisher.device, state["reference"]
        return replace(
            self,
            fisher=state["fisher"].to(device),
            anchors=state["anchors"].to(device),
            accuracy=tuple(state["accuracy"]),
            rows=state["rows"] and Batch.of_state(state["rows"], device),
            reference=None if reference is None else reference.to(device),
        )

    def hold(self, strength: float, parameters: Parameters, rising: float) -> None:
        """Elastic weight consolidation (Kirkpatrick et al. 2017, equation 3), one quadratic for each stretch.

        Adds `rising` times the gradient of strength/2 · Σ fisher · (values − anchors)² to the gradients that learn.
        """
        pull = (self.fisher * (parameters.values - self.anchors)).sum(dim=0)
        parameters.grads.addcmul_(pull, parameters.learning_mask, value=rising * strength)


def nothing_learned(chapter: Chapter, parameters: Parameters) -> Learned:
    """Before the first stretch is over."""
    none = parameters.values.new_empty((0, len(parameters.values)))
    return Learned(chapter, none, none)
