"""Which class is taken for which."""

import torch

from nnlab.engine.inspections.chances import supervised
from nnlab.engine.inspections.names import output_names
from nnlab.engine.inspections.payload import InspectionError, Payload
from nnlab.engine.objectives.supervised import correct
from nnlab.engine.probes.supervised import VALIDATION_ROWS
from nnlab.engine.training import Training
from nnlab.wire.commands import Inspect


def confusion(training: Training, _: Inspect) -> Payload:
    """Validation rows by true and predicted class. Raises InspectionError."""
    task = supervised(training.task, "a confusion matrix")
    if task.classes == 0:
        kind = "several yes-or-no targets" if task.multilabel else "a regression"
        raise InspectionError(f"only classes can be confused, and this is {kind}")
    batch = task.batches.validation(VALIDATION_ROWS)
    if batch is None:
        raise InspectionError("a confusion matrix needs validation rows, and data.val_fraction is 0")
    with torch.no_grad():
        outputs = task.measure(batch)[0]
    predicted, true = correct(task.objective.kind, outputs, batch.targets, task.classes)
    classes = task.classes
    counts = torch.bincount(true * classes + predicted, minlength=classes * classes)
    return Payload({"matrix": counts.cpu().numpy()}, output_names(task.batches.source))
