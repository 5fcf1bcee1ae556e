"""`nnlab step-sizes`: half a step and two."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "step-sizes",
        help="whether half a step, or two, would lower the loss more",
        description="Try each of twelve steps at half, once and twice its length on its own batch. Exit status 1 if a "
        "whole step raises the loss where half of it does better.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform

    return perform("step-sizes", args)
