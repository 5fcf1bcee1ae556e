"""`nnlab verify`: run scenarios against their own `[expect]` tables."""

import argparse
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from nnlab.cli.main import CHECK_FAILED, DONE, INTERRUPTED

if TYPE_CHECKING:
    from nnlab.cli.expectations import Claim
    from nnlab.cli.headless import Outcome
    from nnlab.diagnosis.finding import Diagnosis
    from nnlab.scenario.load import Loaded


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Options of the command."""
    parser = subparsers.add_parser(
        "verify",
        help="run scenarios against their own [expect] tables",
        description="Train scenarios without a screen and check what their [expect] tables promise.",
    )
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="names or paths (default: all bundled ones)")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="runs at a time (default: one per core)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="cpu", help="default: cpu")
    parser.add_argument("--json", action="store_true", help="as a JSON array")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run them in parallel; the exit status. Raises UserError."""
    import json
    import os
    import sys
    from concurrent.futures import ThreadPoolExecutor, as_completed

    from nnlab.cli.interrupt import Interrupt

    loaded = _loaded(args.scenarios)
    jobs = args.jobs if args.jobs > 0 else os.cpu_count() or 1
    results: dict[int, list[Claim]] = {}
    with Interrupt() as interrupt, ThreadPoolExecutor(jobs) as pool:
        tasks: dict[Future[list[Claim]], int] = {
            pool.submit(_verify, item, args.device, interrupt.asked): number for number, item in enumerate(loaded)
        }
        for task in as_completed(tasks):
            number = tasks[task]
            results[number] = task.result()
            if not interrupt.asked():
                held = "holds" if all(claim.held for claim in results[number]) else "FAILS"
                print(f"{len(results)}/{len(tasks)} {loaded[number].name}: {held}", file=sys.stderr)
        if interrupt.asked():
            return INTERRUPTED
    ordered = [(item.name, results[number]) for number, item in enumerate(loaded)]
    print(json.dumps(_plain(ordered)) if args.json else _table(ordered))
    return DONE if all(claim.held for _, claims in ordered for claim in claims) else CHECK_FAILED


def _loaded(names: list[str]) -> "list[Loaded]":
    """The scenarios to verify; those without claims are left out unless they are named."""
    from nnlab.scenario.catalog import entries, find
    from nnlab.scenario.load import load
    from nnlab.scenario.steering import Expect

    if names:
        return [load(find(name)) for name in dict.fromkeys(names)]
    bundled = [load(entry.path) for entry in entries() if entry.source == "bundled"]
    return [item for item in bundled if item.scenario.expect != Expect()]


def _verify(loaded: "Loaded", device: str, asked: Callable[[], bool]) -> "list[Claim]":
    """The claims of one scenario. A scenario that cannot be run fails with its reason."""
    from nnlab.cli.expectations import Claim, verify
    from nnlab.cli.headless import EngineError, train
    from nnlab.errors import UserError

    def trained(loaded: "Loaded", until: "Callable[[Diagnosis], bool] | None") -> "Outcome":
        return train(loaded, until, asked, device=device, name="nnlab verify")

    try:
        return [] if asked() else list(verify(loaded, trained))
    except KeyboardInterrupt:
        return []
    except (EngineError, UserError) as error:
        return [Claim("runs", False, str(error).splitlines()[0])]


def _plain(results: "list[tuple[str, list[Claim]]]") -> list[dict[str, Any]]:
    from dataclasses import asdict

    return [
        {"scenario": name, "held": all(claim.held for claim in claims), "claims": [asdict(claim) for claim in claims]}
        for name, claims in results
    ]


def _table(results: "list[tuple[str, list[Claim]]]") -> str:
    from nnlab.cli.table import columns

    rows = [
        (name if first else "", claim.text, "holds" if claim.held else "FAILS", claim.seen)
        for name, claims in results
        for first, claim in zip((True, *[False] * len(claims)), claims, strict=False)
    ]
    return columns(("scenario", "expected", "", "seen"), rows)
