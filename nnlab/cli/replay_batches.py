"""`nnlab replay-batches`: whether a training still knows the batches that it was trained on."""

import argparse
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE

if TYPE_CHECKING:
    from nnlab.wire.experiments import Result


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "replay-batches",
        help="whether what was trained on earlier is still known at the end",
        description="Train to the planned end, keep a batch now and then, and look at each once more: has its loss "
        "climbed since it was trained on? Exit status 1 if earlier batches are forgotten or the training diverged.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform
    from nnlab.wire.experiments import ReplayBatches

    status, result = perform("replay-batches", args, _text)
    return (DONE if result.verdict == "kept" else CHECK_FAILED) if isinstance(result, ReplayBatches) else status


def _text(result: "Result") -> str:
    from nnlab.cli.table import columns
    from nnlab.wire.experiments import ReplayBatches

    assert isinstance(result, ReplayBatches)
    rows = [
        (f"{item.first}–{item.end - 1}", str(item.batches), f"{item.then:.4g}", f"{item.now:.4g}", f"{item.rise:+.4g}")
        for item in result.stretches
    ]
    table = columns(("steps", "batches", "loss when trained", f"after {result.steps} steps", "median rise"), rows)
    return f"{result.headline}\n\n{table}"
