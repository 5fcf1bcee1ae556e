"""`nnlab label-shuffle`: whether training learns more than from shuffled labels."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "label-shuffle",
        help="whether training learns more than from shuffled labels",
        description="Train copies for a while, one on the labels as they are and three on shuffled ones, and compare "
        "the loss on rows held out. Exit status 1 if the labels bring nothing.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform

    return perform("label-shuffle", args)
