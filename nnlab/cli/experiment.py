"""What the commands that perform an experiment share: options, the process, and pictures."""

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nnlab.cli.main import ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from nnlab.wire.experiments import Check, Result

WIDTH, HEIGHT = 90, 18
"""Characters of a picture, at most; a narrower terminal gets a narrower one."""
MARKS = {"ok": "ok   ", "wrong": "WRONG", "note": "note ", "skipped": "-    "}


def add_options(parser: argparse.ArgumentParser) -> None:
    """The scenario and what may be changed about it."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a bundled scenario's name or a path")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override a key or a knob")
    parser.add_argument("--seed", type=int, metavar="S", help="seed instead of the scenario's")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="default: auto")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")


def perform(name: str, args: argparse.Namespace, render: "Callable[[Result], str]") -> "tuple[int, Result | None]":
    """Perform it and print its result; (0, result), or the exit status of a failure. Raises UserError."""
    import json
    import sys
    from dataclasses import asdict

    from nnlab import __version__
    from nnlab.cli.report import plain
    from nnlab.client.experiment import ExperimentError, experiment
    from nnlab.errors import UserError
    from nnlab.scenario.catalog import find
    from nnlab.scenario.load import load

    loaded = load(find(args.scenario), args.set)
    seed = loaded.scenario.seed if args.seed is None else args.seed
    if not 0 <= seed < 2**63 - 16:
        raise UserError(f"--seed must be a whole number from 0 to {2**63 - 17}, got {seed}")
    try:
        result = experiment(
            name, loaded, seed=seed, device=args.device, tell=lambda text: print(f"  {text}", file=sys.stderr)
        )
    except ExperimentError as error:
        print(error, file=sys.stderr)
        return ENGINE_FAILED, None
    except KeyboardInterrupt:
        return INTERRUPTED, None
    if args.json:
        head = {"nnlab": __version__, "experiment": name, "scenario": loaded.name, "seed": seed}
        print(json.dumps(head | plain(asdict(result)), allow_nan=False))
    else:
        print(render(result))
    return 0, result


def check_lines(checks: "Sequence[Check]") -> list[str]:
    """One line for each check."""
    return [f"  {MARKS[check.state]} {check.text}" for check in checks]


def picture(curves: "Sequence[tuple[str, Sequence[float], Sequence[float]]]", title: str, axis: str) -> str:
    """Curves (label, abscissae, ordinates) as text; "" where standard output is no terminal."""
    import shutil
    import sys

    import numpy as np

    from nnlab.ui.charts.lines import Line
    from nnlab.ui.charts.plotext_figure import figure_text

    if not sys.stdout.isatty():
        return ""
    width = min(WIDTH, shutil.get_terminal_size().columns - 1)
    lines = [
        Line(label, np.array(x), np.array(y), np.array(y), np.array(y), f"s{number % 6 + 1}")
        for number, (label, x, y) in enumerate(curves)
        if len(y)
    ]
    return figure_text(lines, width, HEIGHT, title, axis) + "\n"
