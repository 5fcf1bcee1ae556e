"""`nnlab tour`: the lab plays scenarios by itself, for a booth or a waiting room."""

import argparse
from importlib import import_module


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.lab import add_looks

    parser = subparsers.add_parser(
        "tour",
        help="an unattended tour: scenarios fail, are diagnosed and cured, with captions",
        description="An unattended tour: scenarios fail, are diagnosed and cured by what their files prove, with "
        "captions, again and again until a key is pressed: space takes over the run, any other key leaves.",
    )
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="scenarios to tour (a programme of seven)")
    parser.add_argument("--loops", type=_loops, default=0, metavar="N", help="end after N rounds (0, never)")
    add_looks(parser)


def run(args: argparse.Namespace) -> int:
    """Check the programme and tour it; the exit status. Raises UserError."""
    from nnlab.cli.lab import prepare
    from nnlab.lessons.tour import PROGRAMME, plan
    from nnlab.scenario.catalog import find
    from nnlab.scenario.load import load

    plans = tuple(plan(load(find(name))) for name in args.scenarios or PROGRAMME)
    prepare(args, f"nnlab run {plans[0].name}")
    opened = import_module("nnlab.ui.tour").run(
        plans, loops=args.loops, theme=args.theme, low_bandwidth=args.low_bandwidth
    )
    return int(opened or 0)


def _loops(text: str) -> int:
    """A number of rounds. Raises ArgumentTypeError."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is no number of rounds; 0 is for ever')
    return int(text)
