"""`nnlab ps`: the engines that are running."""

import argparse
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnlab.client.glance import Glance
    from nnlab.client.runtime import Engine


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "ps",
        help="list engines that are running",
        description="List the engines that are running, oldest first: those of open labs and of runs without a screen, "
        "and any that their lab has left behind.",
    )
    parser.add_argument("--json", action="store_true", help="as a JSON array")


def run(args: argparse.Namespace) -> int:
    """List them; the exit status. Raises UserError."""
    import json

    from nnlab.cli.engines import NONE_RUNS
    from nnlab.client.glance import glance
    from nnlab.client.runtime import engines

    found = [(engine, glance(engine.place)) for engine in engines() if not engine.aside]
    if args.json:
        print(json.dumps([_plain(engine, seen) for engine, seen in found]))
    elif not found:
        print(NONE_RUNS)
    else:
        print(_table(found))
    return 0


def _plain(engine: "Engine", seen: "Glance") -> dict[str, Any]:
    return {
        "id": engine.place.id,
        "scenario": engine.scenario,
        "seed": engine.seed,
        "state": seen.state,
        "step": seen.step,
        "planned_steps": seen.planned_steps,
        "started": engine.started,
        "run_file": seen.run_file or None,
    }


def _table(found: "list[tuple[Engine, Glance]]") -> str:
    import time

    from nnlab.cli.runs import age
    from nnlab.cli.table import columns

    now = time.time()
    rows = [
        (
            engine.place.id,
            engine.scenario,
            str(engine.seed),
            seen.state,
            f"{seen.step}/{seen.planned_steps}" if seen.planned_steps else "",
            age(now - engine.started),
            seen.run_file or "not recorded",
        )
        for engine, seen in found
    ]
    return columns(("id", "scenario", "seed", "state", "steps", "age", "run file"), rows, right=(2, 4, 5))
