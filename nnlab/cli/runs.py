"""`nnlab runs`: the recorded runs."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnlab.runs.listing import Summary


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser("runs", help="list recorded runs", description="List recorded runs, newest first.")
    parser.add_argument("--json", action="store_true", help="as a JSON array")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List them; the exit status."""
    import json

    from nnlab.runs.folder import runs_folder
    from nnlab.runs.listing import recorded

    found = list(recorded())
    if args.json:
        print(json.dumps([_plain(item) for item in found]))
    elif not found:
        print(f"no runs in {runs_folder()}")
    else:
        print(_table(found))
    return 0


def _plain(item: "Summary") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(item), "path": str(item.path)}


def _table(found: "Sequence[Summary]") -> str:
    import time

    from nnlab.cli.table import columns
    from nnlab.runs.listing import size

    now = time.time()
    rows = [
        (
            item.path.stem,
            item.scenario,
            f"{item.steps}/{item.planned_steps}" if not item.problem else "",
            "unreadable" if item.problem else item.verdict or item.state or "",
            age(now - item.changed),
            size(item.bytes),
        )
        for item in found
    ]
    return columns(("name", "scenario", "steps", "verdict", "age", "size"), rows, right=(2, 4, 5))


def age(seconds: float) -> str:
    """How long ago, in its largest unit."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"
