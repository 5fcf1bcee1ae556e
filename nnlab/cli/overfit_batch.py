"""`nnlab overfit-batch`: the one-batch overfit test."""

import argparse
import math
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE

if TYPE_CHECKING:
    from nnlab.wire.experiments import OverfitBatch, Result


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "overfit-batch",
        help="whether one batch can be learned by heart, and if not, why",
        description="Train on one fixed batch for up to 1000 steps without regularisation. A sound model learns it by "
        "heart; if it does not, there is a bug, and the checks say which. Exit status 1 if something is wrong.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform
    from nnlab.wire.experiments import OverfitBatch

    status, result = perform("overfit-batch", args, _text)
    return (CHECK_FAILED if result.cause else DONE) if isinstance(result, OverfitBatch) else status


def _text(result: "Result") -> str:
    from nnlab.cli.experiment import check_lines, picture
    from nnlab.wire.experiments import OverfitBatch

    assert isinstance(result, OverfitBatch)
    scale = max(result.constant_loss, 1e-12)
    curves = [
        (f"lr {trial.lr:g}" + ("" if trial.rows == result.rows else f", {trial.rows} rows"),
         range(len(trial.losses)), [_log(loss / scale) for loss in trial.losses])
        for trial in result.trials
    ]  # fmt: skip
    lines = [
        f"Verdict: {_verdict(result)}" + (f" · {result.cause}" if result.cause else ""),
        result.headline,
        "",
        *(_trial(trial.lr, trial.rows, trial.losses, trial.accuracy, trial.fits) for trial in result.trials),
        "",
        *check_lines(result.checks),
    ]
    return picture(curves, "log10 of the loss over a constant guess's", "step") + "\n".join(lines)


def _verdict(result: "OverfitBatch") -> str:
    if not result.fits:
        return "does not fit"
    return "fits" if result.trials[0].fits else "fits at another rate"


def _trial(lr: float, rows: int, losses: tuple[float, ...], accuracy: float, fits: bool) -> str:
    right = "" if math.isnan(accuracy) else f", {accuracy:.0%} right"
    outcome = "fits" if fits else "no"
    return f"  lr {lr:g}, {rows} rows: loss {losses[0]:.4g} → {losses[-1]:.4g} in {len(losses)} steps{right}: {outcome}"


def _log(value: float) -> float:
    return math.log10(value) if 0.0 < value < math.inf else math.nan
