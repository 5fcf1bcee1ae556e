"""`nnlab explain-step`: one step of a recorded run: its batch and rows, its layers, what was done near, the cause."""

import argparse
from typing import TYPE_CHECKING

from nnlab.cli.main import DONE, ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nnlab.telemetry.history import History
    from nnlab.wire.point import PointAgain
    from nnlab.wire.telling_point import PointTold

WIDTH = 100
"""Columns of running text."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "explain-step",
        help="why a step of a recorded run went as it did",
        description="Do a step of a recorded run again, exactly, and say which rows its batch had and which of them "
        "cost most, which layer's gradient moved first, what was done to the run near, and what the cause was.",
    )
    parser.add_argument("file", metavar="FILE", help="a run file, or the name of a run in the runs folder")
    parser.add_argument(
        "step", metavar="STEP", nargs="?", type=int, help="the step; the largest jump of the loss when left out"
    )
    parser.add_argument("--json", action="store_true", help="all that was found as one JSON object")


def run(args: argparse.Namespace) -> int:
    """Explain it; the exit status. Raises UserError."""
    import json
    import sys
    from dataclasses import asdict

    from nnlab.cli.report import plain
    from nnlab.client.experiment import ExperimentError
    from nnlab.errors import UserError
    from nnlab.runs.folder import run_file
    from nnlab.telemetry.point import largest_jump, recalled
    from nnlab.wire.telling_point import told_point

    path = run_file(args.file)
    history = _history(path)
    step = largest_jump(history) if args.step is None else args.step
    known = recalled(history, step)
    if known is None:
        raise UserError(f"no step of {path} has been trained yet")
    if known.step != step:
        raise UserError(f"there is no step {step} in {path}; the last one is {known.step}")
    again, missing = None, ""
    try:
        again = _again(path, step)
    except (UserError, ExperimentError) as error:
        missing = str(error)
        print(missing, file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    if args.json:
        found = {"recalled": asdict(known), "again": asdict(again) if again else None, "missing": missing}
        print(json.dumps(plain(found), allow_nan=False))
    else:
        print("\n".join(_lines(told_point(known, again, missing))))
    return DONE if again is not None else ENGINE_FAILED


def _history(path: "Path") -> "History":
    """What the file tells of its current line."""
    from nnlab.client.recorded import RecordedFeed
    from nnlab.telemetry.history import History

    feed = RecordedFeed(path)
    history = History(feed.info)
    while not feed.done:
        for event in feed.poll(0):
            for _ in history.feed(event):
                pass
    feed.close()
    return history


def _again(path: "Path", step: int) -> "PointAgain":
    """The step done again. Raises UserError, ExperimentError."""
    import sys

    from nnlab.client.experiment import explaining
    from nnlab.wire.point import PointAgain

    result = explaining(path, step).perform(lambda text: print(text, file=sys.stderr))
    assert isinstance(result, PointAgain)
    return result


def _lines(told: "PointTold") -> "Iterator[str]":
    """The words, as paragraphs."""
    import textwrap

    yield told.title
    if told.cause:
        yield ""
        yield from textwrap.wrap(told.cause, WIDTH)
    for part in told.parts:
        yield ""
        yield part.heading
        yield from (f"  {line}" for line in part.lines)
