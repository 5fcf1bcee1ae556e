"""`nnlab lr-range`: the learning-rate range test."""

import argparse
import math
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE

if TYPE_CHECKING:
    from nnlab.wire.experiments import Result


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "lr-range",
        help="the learning-rate range test, with a suggested range",
        description="Raise the learning rate exponentially from 1e-7 to 10, a step at each, in three sweeps, and read "
        "a range off the loss. Exit status 1 if the scenario's own rate is out of it or no rate does anything.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform
    from nnlab.wire.experiments import LrRange

    status, result = perform("lr-range", args, _text)
    return (DONE if result.verdict == "inside" else CHECK_FAILED) if isinstance(result, LrRange) else status


def _text(result: "Result") -> str:
    from nnlab.cli.experiment import picture
    from nnlab.wire.experiments import LrRange

    assert isinstance(result, LrRange)
    curves = [
        (f"sweep {number}", [math.log10(lr) for lr in sweep.lrs[: len(sweep.smoothed)]], sweep.smoothed)
        for number, sweep in enumerate(result.sweeps, 1)
    ]
    lines = [f"Verdict: {result.verdict}", result.headline]
    if math.isfinite(result.suggestion):
        lines += [
            "",
            f"  suggested  {result.suggestion:.2g}   range {result.low:.2g} … {result.high:.2g}",
            f"  own        {result.lr:g}   sweeps differ by a factor of {result.spread:.2g}",
        ]
        lines += [
            f"  sweep {number}: steepest {sweep.steepest:.2g}, valley {sweep.valley:.2g}, lowest {sweep.lowest:.2g}, "
            + (f"diverges at {sweep.diverged:.2g}" if math.isfinite(sweep.diverged) else "does not diverge")
            for number, sweep in enumerate(result.sweeps, 1)
        ]
    return picture(curves, "smoothed loss", "log10 of the learning rate") + "\n".join(lines)
