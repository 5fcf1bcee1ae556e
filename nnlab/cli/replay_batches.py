"""`nnlab replay-batches`: whether a training still knows the batches that it was trained on."""

import argparse


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

    return perform("replay-batches", args)
