"""`nnlab lr-range`: the learning-rate range test."""

import argparse


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

    return perform("lr-range", args)
