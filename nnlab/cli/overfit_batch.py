"""`nnlab overfit-batch`: the one-batch overfit test."""

import argparse


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

    return perform("overfit-batch", args)
