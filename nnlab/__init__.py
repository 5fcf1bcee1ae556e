"""nnlab: the terminal laboratory for neural-network failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Any

    from nnlab.diagnosis.finding import Diagnosis

__version__ = "0.1.0"
__all__ = ["__version__", "diagnose"]


def diagnose(
    history: str | os.PathLike[str] | Mapping[str, Any] | Sequence[Mapping[str, Any]] | object,
    *,
    columns: Mapping[str, str] | None = None,
    steps: str | None = None,
    planned: int | None = None,
    facts: Mapping[str, float | str | bool] | None = None,
) -> Diagnosis:
    """What is wrong with a training run that is over, or nothing.

    `history` is one of

    * a dict of names to values, one for each step or epoch, or to a pair of arrays (steps, values):
      `{"loss": [...], "val_loss": ([0, 100, 200], [...])}`; what `model.fit` of Keras returns is one too;
    * a list of dicts, one for each step, as the `state.log_history` of a Hugging Face trainer;
    * a path of a run file, a CSV or JSON-lines file, a TensorBoard event file or a folder of them.

    Names are understood as training programs write them (loss, train_loss, val_loss, eval_loss, acc, grad_norm, lr, …)
    or as nnlab does ("train/loss", "layer/fc1/grad_norm"); `columns` says it for all others, {"cost": "train/loss"}.
    `steps` names the field that counts the steps of a list or file. `planned` is how many steps the run was meant to
    have, if it had fewer. `facts` may hold `constant_loss`, the loss of the best constant guess (ln 10 for ten balanced
    classes; the first reading is taken otherwise), and `classes`, the number of classes.

    The `Diagnosis` has `verdict` ("learning", "converged", "undecided" or a failure mode), `headline` (the finding to
    look at first, or None), `standing` and `ever` (findings, ranked) and `waiting` (for each mode that could not be
    judged, what it needs). Raises `nnlab.errors.UserError` with one clear message for what cannot be used.
    """
    import os  # noqa: PLC0415 (`import nnlab` stays light)
    from pathlib import Path  # noqa: PLC0415

    from nnlab.examine import examine_file, examine_metrics, metrics_of  # noqa: PLC0415

    if isinstance(history, str | os.PathLike):
        return examine_file(Path(history), columns, steps, planned, facts).diagnosis
    return examine_metrics(metrics_of(history, steps), columns, planned, facts).diagnosis
