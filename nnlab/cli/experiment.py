"""What the commands that perform an experiment share: options, the process, and pictures."""

import argparse
from typing import TYPE_CHECKING

from nnlab.cli.main import CHECK_FAILED, DONE, ENGINE_FAILED, INTERRUPTED

if TYPE_CHECKING:
    from nnlab.wire.telling import Picture, Told

WIDTH, HEIGHT = 90, 18
"""Characters of a picture, at most; a narrower terminal gets a narrower one."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The scenario and what may be changed about it."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a bundled scenario's name or a path")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override a key or a knob")
    parser.add_argument("--seed", type=int, metavar="S", help="seed instead of the scenario's")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="default: auto")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")


def perform(name: str, args: argparse.Namespace) -> int:
    """Perform it and print its result; the exit status. Raises UserError."""
    import json
    import sys
    from dataclasses import asdict

    from nnlab import __version__
    from nnlab.cli.report import plain
    from nnlab.client.experiment import ExperimentError, experiment
    from nnlab.errors import UserError
    from nnlab.scenario.catalog import find
    from nnlab.scenario.load import load
    from nnlab.wire.telling import told

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
        return ENGINE_FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    found = told(result)
    if args.json:
        head = {"nnlab": __version__, "experiment": name, "scenario": loaded.name, "seed": seed}
        print(json.dumps(head | plain(asdict(result)), allow_nan=False))
    else:
        print(_text(found))
    return DONE if found.right else CHECK_FAILED


def _text(found: "Told") -> str:
    verdict = f"Verdict: {found.verdict}" + (f" · {found.cause}" if found.cause else "")
    lines = [verdict, found.headline, "", *found.details]
    return (drawn(found.picture) if found.picture else "") + "\n".join(lines)


def drawn(picture: "Picture") -> str:
    """Curves as text; "" where standard output is no terminal."""
    import shutil
    import sys

    from nnlab.ui.charts.plotext_figure import curves_text

    if not sys.stdout.isatty():
        return ""
    width = min(WIDTH, shutil.get_terminal_size().columns - 1)
    return curves_text(picture, width, HEIGHT) + "\n"
