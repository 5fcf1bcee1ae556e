"""`nnlab baselines`: the loss of a guess, and what is learned without the inputs."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.experiment import add_options

    parser = subparsers.add_parser(
        "baselines",
        help="whether the first loss is a guess's, and whether the inputs help",
        description="Look at the loss before the first step, and train two copies for a while, one of them with all "
        "inputs zeroed. Exit status 1 if the first loss is far above a guess's, or the inputs bring nothing.",
    )
    add_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Perform it; the exit status. Raises UserError."""
    from nnlab.cli.experiment import perform

    return perform("baselines", args)
