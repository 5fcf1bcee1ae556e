"""`nnlab replay`: a recorded run again, and proof that it can be done again."""

import argparse
import math
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE, ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from nnlab.wire.experiments import Reexecuted


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "replay",
        help="do a recorded run again and compare it bit for bit",
        description="Do a recorded run again, with its knob turns, rewinds and branches, and compare it bit for bit.",
    )
    parser.add_argument("file", metavar="FILE", help="a run file")
    parser.add_argument("--verify", action="store_true", required=True, help="exit 1 if anything differs")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Verify it; the exit status. Raises UserError."""
    import json
    import sys
    from dataclasses import asdict
    from pathlib import Path

    from nnlab.cli.report import plain
    from nnlab.client.experiment import ExperimentError, replay
    from nnlab.runs.reader import RunFile

    path = Path(args.file).expanduser()
    RunFile(path).close()
    try:
        result = replay(path, lambda text: print(text, file=sys.stderr))
    except ExperimentError as error:
        print(error, file=sys.stderr)
        return ENGINE_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    print(json.dumps(plain(asdict(result)), allow_nan=False) if args.json else describe(result))
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
