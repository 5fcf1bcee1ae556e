"""`nnlab checkup`: the order of diagnosis, walked until the first thing wrong."""

import argparse


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

    return perform("checkup", args)
