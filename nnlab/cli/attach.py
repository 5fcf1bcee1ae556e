"""`nnlab attach`: the lab on an engine that is running already."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.lab import add_looks, add_plain

    parser = subparsers.add_parser(
        "attach",
        help="open the lab on an engine that is running",
        description="Open the lab on an engine that is running, with all that it has told so far. Leaving the lab "
        "leaves the engine running.",
    )
    parser.add_argument(
        "run", nargs="?", metavar="RUN", help="id as nnlab ps lists it, its beginning, or a scenario; the only one"
    )
    add_looks(parser)
    add_plain(parser)


def run(args: argparse.Namespace) -> int:
    """Open it; the exit status. Raises UserError."""
    from importlib import import_module

    from nnlab.cli.engines import choose
    from nnlab.cli.lab import prepare

    engine = choose(args.run)
    if args.plain:
        return int(import_module("nnlab.plain.begin").tell_attached(engine))
    prepare(args, "nnlab attach --plain")
    status = import_module("nnlab.ui.app").run(
        engine.scenario, theme=args.theme, low_bandwidth=args.low_bandwidth, attach=engine.place
    )
    return int(status or 0)
