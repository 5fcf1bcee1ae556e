"""`nnlab checkup`: the order of diagnosis, walked until the first thing wrong."""

import argparse
from itertools import groupby
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE

if TYPE_CHECKING:
    from nnlab.wire.experiments import Result


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "checkup",
        help="the order of diagnosis, walked until the first thing wrong",
        description="Is the data right, does it run, can it overfit one batch, are the gradients healthy in every "
        "layer, is the learning rate right? Stops at the first thing wrong. Exit status 0 healthy, 1 something wrong.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform
    from nnlab.wire.experiments import Checkup

    status, result = perform("checkup", args, _text)
    return (DONE if result.healthy else CHECK_FAILED) if isinstance(result, Checkup) else status


def _text(result: "Result") -> str:
    from nnlab.cli.experiment import check_lines
    from nnlab.wire.experiments import Checkup

    assert isinstance(result, Checkup)
    lines = []
    for stage, checks in groupby(result.checks, key=lambda check: check.stage):
        lines += [stage, *check_lines(list(checks))]
    end = f"Stopped at: {result.stopped_at}. " if result.stopped_at else ""
    return "\n".join((*lines, "", f"{end}{result.headline}"))
