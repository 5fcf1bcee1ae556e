"""Whether the data are right: finite, scaled, shuffled, and nothing held out is trained on."""

from collections.abc import Mapping

import numpy as np
import torch

from nnlab.engine.batches import FixedBatches
from nnlab.engine.facts import Fact
from nnlab.engine.tasks import Task
from nnlab.wire.experiments import Check

LARGE, SMALL = 100.0, 0.01
"""Standard deviation of the most varied feature (FAILURE_MODES §2, unscaled-inputs)."""
RUNS = 3.0
"""Mean label run over that of shuffled labels (as the rule unshuffled-data has it)."""
LEAKED = 0.01
"""Share of held-out rows found among the training rows, beyond what rows repeat by themselves."""
VALIDATION_ROWS = 2048
MOST_BATCHES = 4096


def finite(facts: Mapping[str, Fact]) -> Check:
    """No NaN or infinity among inputs and targets."""
    inputs, targets = (float(facts.get(name, 0.0)) for name in ("nonfinite_inputs", "nonfinite_targets"))
    if inputs or targets:
        text = f"{inputs:g} inputs and {targets:g} targets are NaN or infinite"
        return Check("data-are-finite", "wrong", text, inputs + targets, 0.0, mode="nonfinite")
    return Check("data-are-finite", "ok", "no input or target is NaN or infinite", 0.0, 0.0)


def scaled(facts: Mapping[str, Fact]) -> Check:
    """The inputs vary by something between 0.01 and 100."""
    if "feature_std_max" not in facts:
        return Check("inputs-are-scaled", "skipped", "token numbers have no scale")
    spread = float(facts["feature_std_max"])
    if spread > LARGE:
        text = f"a feature has a standard deviation of {spread:.3g}"
        return Check("inputs-are-scaled", "wrong", text, spread, LARGE, mode="unscaled-inputs")
    if spread < SMALL:
        text = f"no feature varies by more than {spread:.3g}"
        return Check("inputs-are-scaled", "wrong", text, spread, SMALL, mode="unscaled-inputs")
    return Check("inputs-are-scaled", "ok", f"features vary by up to {spread:.3g}", spread, LARGE)


def shuffled(facts: Mapping[str, Fact]) -> Check:
    """Labels do not come in runs."""
    if "label_runs" not in facts:
        return Check("rows-are-shuffled", "skipped", "there are no classes in an order")
    runs = float(facts["label_runs"])
    if runs >= RUNS:
        text = f"runs of equal labels are {runs:.3g} times as long as in a shuffled order: the rows are sorted"
        return Check("rows-are-shuffled", "wrong", text, runs, RUNS, mode="unshuffled-data")
    return Check("rows-are-shuffled", "ok", "labels come in no more than chance runs", runs, RUNS)


def held_out_is_unseen(task: Task) -> Check:
    """Validation rows are not among those of one epoch of training (`task`: a copy, its batches are used up)."""
    name = "held-out-is-unseen"
    batches = task.batches
    held = batches.validation(VALIDATION_ROWS) if isinstance(batches, FixedBatches) else None
    if held is None:
        return Check(name, "skipped", "no rows of a fixed set are held out")
    seen: dict[bytes, int] = {}
    rows = 0
    for _ in range(min(batches.steps_per_epoch, MOST_BATCHES)):
        for row in _rows(batches.next().inputs):
            seen[row] = seen.get(row, 0) + 1
            rows += 1
    own = _rows(held.inputs)
    found = sum(row in seen for row in own) / len(own)
    repeated = sum(count for count in seen.values() if count > 1) / max(1, rows)
    if found > LEAKED and found > 2.0 * repeated:
        text = f"{found:.0%} of the held-out rows are trained on: validation flatters the model"
        return Check(name, "wrong", text, found, LEAKED, mode="leak_validation")
    if found > LEAKED:
        text = f"{found:.0%} of the held-out rows also occur in training, where rows repeat anyway ({repeated:.0%})"
        return Check(name, "note", text, found, LEAKED)
    return Check(name, "ok", f"{found:.0%} of the held-out rows are trained on", found, LEAKED)


def _rows(inputs: torch.Tensor) -> list[bytes]:
    array = np.ascontiguousarray(inputs.cpu().numpy())
    return [row.tobytes() for row in array]
