"""`nnlab replay`: a recorded run again: to watch in the lab, or as proof that it can be done again."""

import argparse
import math
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE, ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from pathlib import Path

    from nnlab.wire.experiments import Reexecuted


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    from nnlab.cli.lab import add_looks, pace

    parser = subparsers.add_parser(
        "replay",
        help="watch a recorded run again, or do it again and compare it bit for bit",
        description="Watch a recorded run again in the lab, at any speed; or do it again, with its knob turns, rewinds "
        "and branches, and compare it bit for bit.",
    )
    parser.add_argument("file", metavar="FILE", help="a run file, or the name of a run in the runs folder")
    parser.add_argument(
        "--pace", type=pace, metavar="N", help="steps a second, 0 for full speed (half a minute in all)"
    )
    add_looks(parser)
    parser.add_argument("--plain", action="store_true", help="told line by line, for screen readers and logs")
    parser.add_argument("--verify", action="store_true", help="do it again and compare; exit 1 if anything differs")
    parser.add_argument("--json", action="store_true", help="the result of --verify as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Show or verify it; the exit status. Raises UserError."""
    from nnlab.runs.folder import run_file
    from nnlab.runs.reader import RunFile

    path = run_file(args.file)
    RunFile(path).close()
    return _verify(path, as_json=args.json) if args.verify else _watch(path, args)


def _watch(path: "Path", args: argparse.Namespace) -> int:
    from importlib import import_module

    from nnlab.cli.lab import prepare
    from nnlab.errors import UserError

    if args.json:
        raise UserError("--json goes with --verify")
    if args.plain:
        from nnlab.plain.begin import retell

        return retell(str(path), args.pace)
    prepare(args, f"nnlab replay {args.file} --plain (or --verify)")
    run = import_module("nnlab.ui.app").run
    return int(run(str(path), theme=args.theme, low_bandwidth=args.low_bandwidth, pace=args.pace) or 0)


def _verify(path: "Path", *, as_json: bool) -> int:
    import json
    import sys
    from dataclasses import asdict

    from nnlab.cli.report import plain
    from nnlab.client.experiment import ExperimentError, replay

    try:
        result = replay(path, lambda text: print(text, file=sys.stderr))
    except ExperimentError as error:
        print(error, file=sys.stderr)
        return ENGINE_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    print(json.dumps(plain(asdict(result)), allow_nan=False) if as_json else describe(result))
    return DONE if result.same else CHECK_FAILED


def describe(result: "Reexecuted") -> str:
    """The result in a sentence or two."""
    lines = "1 line" if result.branches == 1 else f"{result.branches} lines"
    if result.same:
        return f"The same: {result.steps} steps on {lines} done again, {result.points} points equal to the last bit."
    where = f"step {result.step}, {result.series}" + (f", branch {result.branch}" if result.branches > 1 else "")
    return f"Different from {where} on: recorded {_value(result.recorded)}, done again {_value(result.again)}."


def _value(value: float) -> str:
    return "nothing or NaN" if math.isnan(value) else repr(value)
